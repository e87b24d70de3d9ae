// The engine's own loops (engine/base/vectorised.hpp) on the instruction set that oneDNN chose
// (dnnl::get_effective_cpu_isa), so DNNL_MAX_CPU_ISA limits both. Elements are loaded as float and
// stored from float, so one loop serves f32 and bf16.
#pragma once

#include <bit>
#include <cstdint>
#include <dnnl.hpp>

#include "engine/base/vectorised.hpp"
#include "engine/tensor/tensor.hpp"

namespace tengen::kernels::dnn {

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

/// loop(), on the widest vectors there are. It must not throw, and should capture by value.
template <typename Loop>
void vectorised(const Loop& loop) {
  run_on(vector_isa(), loop);
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
