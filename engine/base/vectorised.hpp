// Our own loops, compiled for each of three instruction sets and chosen when they run: the baseline
// (x86-64-v2), AVX2 with FMA, AVX-512. The compiler vectorises them. Where there is FMA it rounds
// a*b + c once instead of twice, so results may differ in their last bit between the instruction
// sets; the room of the environments forbids that (-ffp-contract=off) and gives the same bits.
#pragma once

#include <cstdint>
#include <type_traits>

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
// instead of an "arch=". The loop comes by value: through a reference, a loop that writes bytes
// might write to what it captured, and would not be vectorised.
template <typename Loop>
[[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,fma"), gnu::flatten]] void run_avx512(Loop loop) {
  loop();
}
template <typename Loop>
[[gnu::target("avx2,fma"), gnu::flatten]] void run_avx2(Loop loop) {
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

/// work(first, count) for pieces of [0, size), all of `length`, which the compiler knows, so that
/// no loop over single elements is left at the end: the last piece overlaps the one before it, and
/// what it does twice must give the same twice. A shorter range is one piece.
template <std::int64_t length, typename Work>
[[gnu::always_inline]] inline void in_equal_pieces(std::int64_t size, const Work& work) {
  if (size < length) return work(std::int64_t{0}, size);
  for (std::int64_t first = 0; first < size; first += length)
    work(first + length <= size ? first : size - length,
         std::integral_constant<std::int64_t, length>());
}

}  // namespace tengen
