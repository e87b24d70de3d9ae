#include "envs/rl/numpy_random.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace tengen::envs::rl {
namespace {

constexpr int kPoolSize = 4;
constexpr int kShift = 16;

/// The hash of a seed sequence: its constant changes with every word.
struct WordHash {
  std::uint32_t constant;
  std::uint32_t multiplier;

  std::uint32_t operator()(std::uint32_t word) {
    word ^= constant;
    constant *= multiplier;
    word *= constant;
    return word ^ (word >> kShift);
  }
};

std::uint32_t mix(std::uint32_t x, std::uint32_t y) {
  const std::uint32_t mixed = 0xca01f9ddU * x - 0x4973f715U * y;
  return mixed ^ (mixed >> kShift);
}

/// The entropy pool that NumPy's SeedSequence makes of a seed of up to 64 bits.
std::array<std::uint32_t, kPoolSize> seed_pool(std::uint64_t seed) {
  const std::array<std::uint32_t, kPoolSize> entropy = {static_cast<std::uint32_t>(seed),
                                                        static_cast<std::uint32_t>(seed >> 32)};
  WordHash hash{0x43b0d7e5U, 0x931e8875U};
  std::array<std::uint32_t, kPoolSize> pool{};
  for (int i = 0; i < kPoolSize; ++i) pool[i] = hash(entropy[i]);
  for (int source = 0; source < kPoolSize; ++source)
    for (int target = 0; target < kPoolSize; ++target)
      if (source != target) pool[target] = mix(pool[target], hash(pool[source]));
  return pool;
}

/// SeedSequence.generate_state(4, uint64).
std::array<std::uint64_t, 4> seed_words(std::uint64_t seed) {
  const auto pool = seed_pool(seed);
  WordHash hash{0x8b51f9ddU, 0x58f38dedU};
  std::array<std::uint64_t, 4> words{};
  for (int i = 0; i < 8; ++i)
    words[i / 2] |= static_cast<std::uint64_t>(hash(pool[i % kPoolSize])) << (32 * (i % 2));
  return words;
}

}  // namespace

NumpyRandom::NumpyRandom(std::uint64_t seed) {
  const auto words = seed_words(seed);
  const auto wide = [](std::uint64_t high, std::uint64_t low) {
    return (static_cast<Wide>(high) << 64) | low;
  };
  increment_ = (wide(words[2], words[3]) << 1) | 1;
  advance();
  state_ += wide(words[0], words[1]);
  advance();
}

std::uint32_t NumpyRandom::next32() {
  if (has_half_) {
    has_half_ = false;
    return kept_half_;
  }
  const std::uint64_t word = next64();
  has_half_ = true;
  kept_half_ = static_cast<std::uint32_t>(word >> 32);
  return static_cast<std::uint32_t>(word);
}

std::uint32_t NumpyRandom::integers(std::uint32_t bound) {
  if (bound == 1) return 0;  // NumPy draws nothing for it
  std::uint64_t product = static_cast<std::uint64_t>(next32()) * bound;
  const std::uint32_t biased_below = -bound % bound;
  while (static_cast<std::uint32_t>(product) < biased_below)
    product = static_cast<std::uint64_t>(next32()) * bound;
  return static_cast<std::uint32_t>(product >> 32);
}

double NumpyRandom::normal() {
  const double radius = std::sqrt(-2 * std::log1p(-random()));
  return radius * std::cos(2 * std::numbers::pi * random());
}

}  // namespace tengen::envs::rl
