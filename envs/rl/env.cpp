#include "envs/rl/env.hpp"

#include <spdlog/fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "engine/base/error.hpp"

namespace tengen::envs::rl {

int mask_size(const EnvSpec& spec) {
  return spec.action_space.kind() == Space::Kind::discrete ? spec.action_space.counts()[0] : 0;
}

void check_action(const EnvSpec& spec, int step, std::span<const float> action,
                  std::span<const std::uint8_t> mask, int copy) {
  const auto place = [&] {
    return copy < 0 ? fmt::format("step {}", step)
                    : fmt::format("step {} of environment {}", step, copy);
  };
  if (!spec.action_space.contains(action))
    bad_argument(spec.id.c_str(), "expected an action in {} at {}, got [{}]",
                 spec.action_space.describe(), place(), fmt::join(action, ", "));
  if (spec.masks_actions && mask[static_cast<std::size_t>(action[0])] == 0)
    bad_argument(spec.id.c_str(), "expected an allowed action at {}, got {}", place(), action[0]);
}

void sample_action(const EnvSpec& spec, std::span<const std::uint8_t> mask, NumpyRandom& random,
                   std::span<float> action) {
  const Space& space = spec.action_space;
  if (space.kind() == Space::Kind::discrete) {
    auto skip = random.integers(
        static_cast<std::uint32_t>(std::count(mask.begin(), mask.end(), std::uint8_t{1})));
    std::size_t choice = 0;
    while (mask[choice] == 0 || skip-- > 0) ++choice;
    action[0] = static_cast<float>(choice);
    return;
  }
  for (std::size_t i = 0; i < action.size(); ++i) {
    const float low = space.low()[i], high = space.high()[i];
    if (space.kind() == Space::Kind::multi_discrete)
      action[i] = static_cast<float>(random.integers(space.counts()[i]));
    else if (std::isfinite(low) && std::isfinite(high))
      action[i] = static_cast<float>(random.uniform(low, high));
    else
      action[i] = std::clamp(static_cast<float>(random.normal()), low, high);
  }
}

Env::Env(std::unique_ptr<Dynamics> dynamics, EnvSpec spec)
    : dynamics_(std::move(dynamics)),
      spec_(std::move(spec)),
      observation_(spec_.observation_space.size()),
      mask_(mask_size(spec_)) {}

void Env::reset(std::optional<std::uint64_t> seed) {
  if (seed) random_ = NumpyRandom(*seed);
  dynamics_->reset(random_);
  elapsed_ = 0;
  running_ = true;
  look();
}

Step Env::step(std::span<const float> action) {
  if (!running_)
    bad_argument(spec_.id.c_str(), "expected reset() before step {}: the episode {}", elapsed_,
                 elapsed_ == 0 ? "has not begun" : "is over");
  check_action(spec_, elapsed_, action, mask_);
  const Outcome outcome = dynamics_->step(action, random_);
  ++elapsed_;
  const bool truncated = spec_.max_episode_steps > 0 && elapsed_ >= spec_.max_episode_steps;
  running_ = !outcome.terminated && !truncated;
  look();
  return {outcome.reward, outcome.terminated, truncated};
}

void Env::look() {
  dynamics_->observe(observation_);
  if (running_) dynamics_->action_mask(mask_);
}

}  // namespace tengen::envs::rl
