// Our own loops, compiled for each of three instruction sets and chosen when they run: the baseline
// (x86-64-v2), AVX2 with FMA, AVX-512. The compiler vectorises them. It contracts nothing (the
// language is ISO C++), so all three give the same bits where the loop adds in a fixed order.
#pragma once

namespace tengen {

enum class VectorIsa { baseline, avx2, avx512 };

/// The widest that this CPU and its system have.
inline VectorIsa cpu_vector_isa() {
  static const VectorIsa isa = [] {
    const bool fma = __builtin_cpu_supports("fma");
    if (fma && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
      return VectorIsa::avx512;
    return fma && __builtin_cpu_supports("avx2") ? VectorIsa::avx2 : VectorIsa::baseline;
  }();
  return isa;
}

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

/// loop(), compiled for `isa`, which the CPU must have. It must not throw, and should capture by
/// value.
template <typename Loop>
void run_on(VectorIsa isa, const Loop& loop) {
  switch (isa) {
    case VectorIsa::avx512:
      return run_avx512(loop);
    case VectorIsa::avx2:
      return run_avx2(loop);
    case VectorIsa::baseline:
      return loop();
  }
}

}  // namespace tengen
