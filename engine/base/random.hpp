// Random numbers: seeded, splittable, passed and never global.
//
// Rng is xoshiro256** 1.0 (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
// 2021), seeded through SplitMix64. split(stream) derives an independent generator from the seed
// and a stream index, not from how many numbers were drawn before: each game, worker and epoch
// splits its own stream by index, so results do not depend on thread timing.
// An Rng is a plain value of 40 bytes; it is not thread-safe: one per thread.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>

#include "engine/base/hash.hpp"

namespace tengen {

class Rng {
 public:
  using result_type = std::uint64_t;

  explicit Rng(std::uint64_t seed) : seed_(seed) {
    std::uint64_t x = seed;
    for (std::uint64_t& word : state_) word = mix64(x += 0x9e3779b97f4a7c15ULL);
  }

  /// An independent generator, a function of this one's seed and `stream` alone.
  Rng split(std::uint64_t stream) const { return Rng(hash_combine(mix64(seed_), stream)); }

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  result_type operator()() {
    const std::uint64_t result = rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotl(state_[3], 45);
    return result;
  }

  /// Uniform in [0, bound), bound > 0. The bias is below bound / 2^32 (Lemire's multiply-shift).
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((*this)() >> 32) * bound >> 32);
  }

  /// Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Standard normal (Box-Muller; two uniforms a number, no hidden state).
  double normal();

  /// Gamma(shape, 1), shape > 0 (Marsaglia and Tsang 2000).
  double gamma(double shape);

  /// Fills `out` with one draw from the symmetric Dirichlet distribution; alpha > 0.
  void dirichlet(double alpha, std::span<float> out);

  /// Index drawn with probability proportional to `weights` (non-negative, not all zero).
  std::size_t categorical(std::span<const float> weights);

  template <typename T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i)
      std::swap(items[i - 1], items[below(static_cast<std::uint32_t>(i))]);
  }

  friend bool operator==(const Rng&, const Rng&) = default;

 private:
  static constexpr std::uint64_t rotl(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

  std::uint64_t seed_;
  std::array<std::uint64_t, 4> state_;
};

/// Many small draws out of few words of an Rng: what Lemire's multiply-shift leaves of a word as
/// the fraction is uniform still, and serves the next draw. A new word is taken when the bounds so
/// far multiply to 2^32 or more, so the bias of a draw is below bound / 2^32, as with Rng::below.
class SmallDraws {
 public:
  /// `rng` must outlive this object.
  explicit SmallDraws(Rng& rng) : rng_(rng), fraction_(rng()) {}

  /// Uniform in [0, bound), bound > 0.
  std::uint32_t below(std::uint32_t bound) {
    if (spent_ >> 32 != 0) {
      fraction_ = rng_();
      spent_ = 1;
    }
    spent_ *= bound;
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(fraction_) * bound;
    fraction_ = static_cast<std::uint64_t>(product);
    return static_cast<std::uint32_t>(product >> 64);
  }

 private:
  Rng& rng_;
  std::uint64_t fraction_;
  std::uint64_t spent_ = 1;  // product of the bounds drawn from the present word
};

}  // namespace tengen
