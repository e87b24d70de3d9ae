// The passes on AVX-512: 28 sums, 2 weights and 1 broadcast input in 32 registers.
#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "engine/kernels/winograd/filter_matrices.hpp"
#include "engine/kernels/winograd/slice.hpp"

#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")

#include "engine/kernels/winograd/passes.hpp"

namespace tengen::kernels::winograd {
namespace {

struct Avx512 {
  using Reg = __m512;
  static constexpr int kWidth = 16, kRows = 14;
  static Reg load(const float* p) { return _mm512_loadu_ps(p); }
  static void store(float* p, Reg x) { _mm512_storeu_ps(p, x); }
  static Reg set1(float x) { return _mm512_set1_ps(x); }
  static Reg zero() { return _mm512_setzero_ps(); }
  static Reg fma(Reg a, Reg b, Reg c) { return _mm512_fmadd_ps(a, b, c); }
  static Reg max(Reg a, Reg b) { return _mm512_maskz_max_ps(0xffff, a, b); }
};

}  // namespace
}  // namespace tengen::kernels::winograd

#pragma GCC pop_options

namespace tengen::kernels::winograd {

const Passes& avx512_passes(int outputs) {
  return outputs == 3 ? kPasses<Avx512, 3> : kPasses<Avx512, 4>;
}

}  // namespace tengen::kernels::winograd
