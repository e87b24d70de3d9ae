// Option action_repeat=N of every environment: an action is done N times, its rewards are added,
// and what is between is not seen (Bellemare et al., "The Arcade Learning Environment", 2013). It
// ends early with the episode, and where the action is no longer allowed. The time limit becomes
// 1/N as many steps, rounded up.
#pragma once

#include <memory>
#include <vector>

#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

class ActionRepeat final : public Dynamics {
 public:
  /// `times` > 0.
  ActionRepeat(std::unique_ptr<Dynamics> inner, int times);

  EnvSpec spec() const override { return spec_; }
  void reset(NumpyRandom& random) override { inner_->reset(random); }
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override { inner_->observe(out); }
  void action_mask(std::span<std::uint8_t> out) const override { inner_->action_mask(out); }

 private:
  bool is_allowed(std::span<const float> action);

  std::unique_ptr<Dynamics> inner_;
  EnvSpec spec_;
  int times_;
  std::vector<std::uint8_t> mask_;
};

}  // namespace tengen::envs::rl
