#include "envs/rl/env.hpp"

#include <spdlog/fmt/ranges.h>

#include "engine/base/error.hpp"

namespace tengen::envs::rl {

int mask_size(const EnvSpec& spec) {
  return spec.action_space.kind() == Space::Kind::discrete ? spec.action_space.counts()[0] : 0;
}

void check_action(const EnvSpec& spec, int step, std::span<const float> action,
                  std::span<const std::uint8_t> mask) {
  if (!spec.action_space.contains(action))
    bad_argument(spec.id.c_str(), "expected an action in {} at step {}, got [{}]",
                 spec.action_space.describe(), step, fmt::join(action, ", "));
  if (spec.masks_actions && mask[static_cast<std::size_t>(action[0])] == 0)
    bad_argument(spec.id.c_str(), "expected an allowed action at step {}, got {}", step, action[0]);
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
