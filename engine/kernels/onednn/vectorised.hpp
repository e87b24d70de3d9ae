// Our own loops, compiled for each of three instruction sets and chosen when they run, as oneDNN
// does with its kernels: the baseline (x86-64-v2), AVX2 with FMA, AVX-512.
//
// The choice follows oneDNN's own (dnnl::get_effective_cpu_isa), so DNNL_MAX_CPU_ISA limits both.
// The compiler vectorises the loops; elements are loaded as float and stored from float, so one
// loop serves f32 and bf16.
#pragma once

#include <bit>
#include <cstdint>
#include <dnnl.hpp>

#include "engine/tensor/tensor.hpp"

namespace tengen::kernels::dnn {

enum class VectorIsa { baseline, avx2, avx512 };

inline VectorIsa vector_isa() {
  static const VectorIsa isa = [] {
    const auto effective = static_cast<int>(dnnl::get_effective_cpu_isa());
    const auto reaches = [&](dnnl::cpu_isa wanted) {
      return (effective & static_cast<int>(wanted)) == static_cast<int>(wanted);
    };
    if (reaches(dnnl::cpu_isa::avx512_core)) return VectorIsa::avx512;
    return reaches(dnnl::cpu_isa::avx2) ? VectorIsa::avx2 : VectorIsa::baseline;
  }();
  return isa;
}

/// oneDNN has bf16 kernels from AVX-512 on (emulated without AVX512_BF16).
inline bool has_bf16_kernels() { return vector_isa() == VectorIsa::avx512; }

// "flatten" inlines everything that the loop calls, so that it too is compiled for the target. GCC
// inlines only into a function with more features and the same tuning: hence lists of features
// instead of an "arch=".
template <typename Loop>
[[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,fma"), gnu::flatten]] void run_avx512(
    const Loop& loop) {
  loop();
}
template <typename Loop>
[[gnu::target("avx2,fma"), gnu::flatten]] void run_avx2(const Loop& loop) {
  loop();
}

/// loop(), on the widest vectors there are. It must not throw, and should capture by value.
template <typename Loop>
void vectorised(const Loop& loop) {
  switch (vector_isa()) {
    case VectorIsa::avx512:
      return run_avx512(loop);
    case VectorIsa::avx2:
      return run_avx2(loop);
    case VectorIsa::baseline:
      return loop();
  }
}

inline float load(float x) { return x; }
inline float load(BFloat16 x) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(x.bits) << 16);
}

inline void store(float x, float& out) { out = x; }
/// to_bfloat16 without a branch: rounded to nearest even, NaN kept quiet.
inline void store(float x, BFloat16& out) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  const bool is_nan = (bits & 0x7fffffffu) > 0x7f800000u;
  out.bits = static_cast<std::uint16_t>(is_nan ? (bits >> 16) | 0x40u : rounded);
}

/// f(float{}) or f(BFloat16{}), whichever `dtype` (one of the two) names.
template <typename F>
auto with_storage_type(DType dtype, F&& f) {
  return dtype == DType::bf16 ? f(BFloat16{}) : f(float{});
}

/// The elements as T, without a check.
template <typename T>
const T* elements(const Tensor& tensor) {
  return static_cast<const T*>(tensor.data());
}
template <typename T>
T* elements(Tensor& tensor) {
  return static_cast<T*>(tensor.data());
}

}  // namespace tengen::kernels::dnn
