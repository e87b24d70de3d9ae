// NumPy's default random generator: seeded as numpy.random.default_rng(seed) is, the same numbers
// come out, so that an environment reset with a seed starts where Gymnasium's starts.
//
// Sources: M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms
// for Random Number Generation" (2014), the 128-bit XSL-RR member; the seed sequence is NumPy's
// (NEP 19), after O'Neill's seed_seq_fe; bounded integers are Lemire's ("Fast Random Integer
// Generation in an Interval", 2019). Everything else in Tengen draws from Rng.
#pragma once

#include <bit>
#include <cstdint>

namespace tengen::envs::rl {

/// A plain value, not thread-safe: one per environment.
class NumpyRandom {
 public:
  /// As numpy.random.default_rng(seed).
  explicit NumpyRandom(std::uint64_t seed);

  std::uint64_t next64() {
    advance();
    const auto folded =
        static_cast<std::uint64_t>(state_ >> 64) ^ static_cast<std::uint64_t>(state_);
    return std::rotr(folded, static_cast<int>(state_ >> 122));
  }
  /// The halves of a 64-bit number in turn, the low one first.
  std::uint32_t next32();

  /// Generator.random(): uniform in [0, 1), 53 bits.
  double random() { return static_cast<double>(next64() >> 11) * 0x1.0p-53; }
  /// Generator.uniform(low, high).
  double uniform(double low, double high) { return low + (high - low) * random(); }
  /// Generator.integers(bound): uniform in [0, bound), bound > 0.
  std::uint32_t integers(std::uint32_t bound);
  /// Standard normal by Box and Muller; NumPy's ziggurat draws other numbers.
  double normal();

 private:
  __extension__ using Wide = unsigned __int128;

  static constexpr Wide kMultiplier =
      (static_cast<Wide>(0x2360ed051fc65da4ULL) << 64) | 0x4385df649fccf645ULL;

  void advance() { state_ = state_ * kMultiplier + increment_; }

  Wide state_ = 0;
  Wide increment_ = 0;
  std::uint32_t kept_half_ = 0;
  bool has_half_ = false;
};

}  // namespace tengen::envs::rl
