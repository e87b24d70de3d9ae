#include "envs/rl/memory/deep_sea.hpp"

#include <algorithm>
#include <limits>

namespace tengen::envs::rl {
namespace {
constexpr double kMoveCost = 0.01;
}

DeepSea DeepSea::from_spec(Spec& spec) {
  DeepSea env;
  env.size_ = spec.get_int("size", env.size_, 2, 1000);
  env.stochastic_ = spec.get_bool("stochastic", env.stochastic_);
  env.right_.assign(static_cast<std::size_t>(env.size_) * env.size_, 1);
  NumpyRandom mapping(spec.get_int("mapping_seed", 0, 0, std::numeric_limits<int>::max()));
  if (spec.get_bool("randomize", true))
    for (std::uint8_t& action : env.right_) action = static_cast<std::uint8_t>(mapping.integers(2));
  return env;
}

EnvSpec DeepSea::spec() const {
  return {.id = "DeepSea-v0",
          .observation_space = Space::box(0, 1, {size_, size_, 1}),
          .action_space = Space::discrete(2),
          .reward_threshold = stochastic_ ? std::nullopt : std::optional(1 - kMoveCost)};
}

void DeepSea::reset(NumpyRandom&) { row_ = column_ = 0; }

Outcome DeepSea::step(std::span<const float> action, NumpyRandom& random) {
  const bool goes_right = static_cast<int>(action[0]) == right_action(row_, column_);
  double reward = goes_right ? -kMoveCost / size_ : 0.0;
  if (goes_right && column_ == size_ - 1) reward += 1;
  const bool in_corner = row_ == size_ - 1 && (column_ == 0 || column_ == size_ - 1);
  if (stochastic_ && in_corner) reward += random.normal();
  if (!goes_right)
    column_ = std::max(column_ - 1, 0);
  else if (!stochastic_ || random.random() > 1.0 / size_)
    column_ = std::min(column_ + 1, size_ - 1);
  return {reward, ++row_ == size_};
}

void DeepSea::observe(std::span<float> out) const {
  std::fill(out.begin(), out.end(), 0.0f);
  if (row_ < size_) out[row_ * size_ + column_] = 1;
}

}  // namespace tengen::envs::rl
