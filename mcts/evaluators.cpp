#include "mcts/evaluators.hpp"

#include <smmintrin.h>

#include <algorithm>
#include <array>

#include "engine/base/hash.hpp"

namespace tengen::mcts {
namespace {

void fill_uniform(std::span<float> priors) {
  std::fill(priors.begin(), priors.end(), 1.0f / static_cast<float>(priors.size()));
}

/// Eight weights from eight random bytes: their squares, so that few actions stand out, as with a
/// net, and a floor, so that a search gets round to every action.
struct Weights {
  explicit Weights(std::uint64_t hash) {
    const __m128i bytes = _mm_cvtepu8_epi16(_mm_cvtsi64_si128(static_cast<std::int64_t>(hash)));
    const __m128i squares = _mm_mullo_epi16(bytes, bytes), floor = _mm_set1_epi32(4096);
    low = _mm_add_epi32(_mm_cvtepu16_epi32(squares), floor);
    high = _mm_add_epi32(_mm_cvtepu16_epi32(_mm_srli_si128(squares, 8)), floor);
  }
  void write(float* out) const {
    _mm_storeu_ps(out, _mm_cvtepi32_ps(low));
    _mm_storeu_ps(out + 4, _mm_cvtepi32_ps(high));
  }
  __m128i low, high;
};

/// Pseudo-random priors. Integers and one correctly rounded division: the same bits everywhere.
void fill_hashed(std::uint64_t key, std::span<float> priors) {
  __m128i sums = _mm_setzero_si128();
  std::size_t i = 0;
  for (; i + 8 <= priors.size(); i += 8) {
    const Weights weights(mix64(key + i));
    weights.write(priors.data() + i);
    sums = _mm_add_epi32(sums, _mm_add_epi32(weights.low, weights.high));
  }
  std::array<float, 8> rest;
  Weights(mix64(key + i)).write(rest.data());
  sums = _mm_hadd_epi32(sums, sums);
  int sum = _mm_cvtsi128_si32(_mm_hadd_epi32(sums, sums));
  for (int lane = 0; i < priors.size(); ++i, ++lane) {
    priors[i] = rest[lane];
    sum += static_cast<int>(rest[lane]);
  }
  const float scale = 1.0f / static_cast<float>(sum);
  for (float& prior : priors) prior *= scale;
}

}  // namespace

void UniformEvaluator::evaluate(std::span<EvalItem> batch) {
  for (EvalItem& item : batch) {
    fill_uniform(item.priors);
    item.value = 0;
  }
}

void RolloutEvaluator::evaluate(std::span<EvalItem> batch) {
  for (EvalItem& item : batch) {
    fill_uniform(item.priors);
    float sum = 0;
    for (int i = 0; i < rollouts_; ++i)
      sum += item.state->random_playout(rng_, item.state->current_player());
    item.value = sum / static_cast<float>(rollouts_);
  }
}

void HashEvaluator::evaluate(std::span<EvalItem> batch) {
  for (EvalItem& item : batch) {
    const std::uint64_t key = mix64(item.state->key() + 0x9e3779b97f4a7c15ULL);
    fill_hashed(key, item.priors);
    item.value = static_cast<float>(static_cast<std::int16_t>(key >> 48)) * 0x1p-15f;
  }
}

}  // namespace tengen::mcts
