// Bandit-v0: arms to pull, nothing to see.
//
// Source: Sutton and Barto, "Reinforcement Learning" (2018), section 2.3, the 10-armed testbed: the
// value of an arm is drawn from N(0, 1), a reward from N(value, 1). Values belong to the bandit,
// and option values_seed makes another one; with redraw every episode draws its own, so that what
// has been learnt is how to explore (Duan et al. 2016, RL^2).
#pragma once

#include <vector>

#include "engine/base/spec.hpp"
#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

class Bandit final : public Dynamics {
 public:
  /// Options: arms (10), pulls an episode (1), values_seed (0), noise (1, the rewards' standard
  /// deviation), redraw (false).
  static Bandit from_spec(Spec& spec);

  EnvSpec spec() const override;
  void reset(NumpyRandom& random) override;
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override { out[0] = 0; }

  /// Expected reward of each arm.
  const std::vector<double>& values() const { return values_; }

 private:
  void draw_values(NumpyRandom& random);

  std::vector<double> values_;
  int pulls_ = 1, pulled_ = 0;
  double noise_ = 1;
  bool redraw_ = false;
};

}  // namespace tengen::envs::rl
