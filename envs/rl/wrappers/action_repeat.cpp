#include "envs/rl/wrappers/action_repeat.hpp"

#include "envs/rl/env.hpp"

namespace tengen::envs::rl {

ActionRepeat::ActionRepeat(std::unique_ptr<Dynamics> inner, int times)
    : inner_(std::move(inner)), spec_(inner_->spec()), times_(times), mask_(mask_size(spec_)) {
  spec_.max_episode_steps =
      spec_.max_episode_steps / times_ + static_cast<int>(spec_.max_episode_steps % times_ != 0);
}

bool ActionRepeat::is_allowed(std::span<const float> action) {
  if (!spec_.masks_actions) return true;
  inner_->action_mask(mask_);
  return mask_[static_cast<std::size_t>(action[0])] != 0;
}

Outcome ActionRepeat::step(std::span<const float> action, NumpyRandom& random) {
  Outcome sum = inner_->step(action, random);
  for (int i = 1; i < times_ && !sum.terminated && is_allowed(action); ++i) {
    const Outcome outcome = inner_->step(action, random);
    sum = {sum.reward + outcome.reward, outcome.terminated};
  }
  return sum;
}

}  // namespace tengen::envs::rl
