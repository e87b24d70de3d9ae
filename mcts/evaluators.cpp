#include "mcts/evaluators.hpp"

#include <algorithm>

#include "engine/base/hash.hpp"

namespace tengen::mcts {
namespace {

void fill_uniform(std::span<float> priors) {
  std::fill(priors.begin(), priors.end(), 1.0f / static_cast<float>(priors.size()));
}

/// Squares of pseudo-random bytes, so that few actions stand out, as with a net, and a floor, so
/// that a search gets round to every action. Integers and one correctly rounded division: the same
/// bits on every machine.
void fill_hashed(std::uint64_t key, std::span<const envs::Action> actions,
                 std::span<float> priors) {
  std::uint64_t sum = 0;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < actions.size(); ++i, bytes >>= 8) {
    if (i % 8 == 0) bytes = mix64(key + i);
    const std::uint32_t byte = bytes & 255;
    const std::uint32_t weight = byte * byte + 4096;
    priors[i] = static_cast<float>(weight);
    sum += weight;
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
    fill_hashed(key, item.actions, item.priors);
    item.value = static_cast<float>(static_cast<std::int16_t>(key >> 48)) * 0x1p-15f;
  }
}

}  // namespace tengen::mcts
