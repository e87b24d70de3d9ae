// The passes on AVX2 and FMA: 12 sums, 2 weights and 1 broadcast input in 16 registers.
#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "engine/kernels/winograd/filter_matrices.hpp"
#include "engine/kernels/winograd/slice.hpp"

#pragma GCC push_options
#pragma GCC target("avx2,fma")

#include "engine/kernels/winograd/passes.hpp"

namespace tengen::kernels::winograd {
namespace {

struct Avx2 {
  using Reg = __m256;
  static constexpr int kWidth = 8, kRows = 6;
  static Reg load(const float* p) { return _mm256_loadu_ps(p); }
  static void store(float* p, Reg x) { _mm256_storeu_ps(p, x); }
  static Reg set1(float x) { return _mm256_set1_ps(x); }
  static Reg zero() { return _mm256_setzero_ps(); }
  static Reg fma(Reg a, Reg b, Reg c) { return _mm256_fmadd_ps(a, b, c); }
  static Reg max(Reg a, Reg b) { return _mm256_max_ps(a, b); }
};

}  // namespace
}  // namespace tengen::kernels::winograd

#pragma GCC pop_options

namespace tengen::kernels::winograd {

const Passes& avx2_passes(int outputs) {
  return outputs == 3 ? kPasses<Avx2, 3> : kPasses<Avx2, 4>;
}

}  // namespace tengen::kernels::winograd
