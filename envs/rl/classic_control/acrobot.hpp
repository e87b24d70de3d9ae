// Acrobot-v1: two links, torque on the joint between them; swing the tip above the bar.
//
// Source: Sutton, "Generalization in Reinforcement Learning" (1996), and Sutton and Barto's book,
// whose equations these are; one Runge-Kutta step of 0.2 s, limits and start as Gymnasium's.
// Reward -1 a step and 0 at the goal, 500 steps at most.
#pragma once

#include <array>

#include "engine/base/spec.hpp"
#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

class Acrobot final : public Dynamics {
 public:
  /// [angle of the first link from hanging down, of the second from the first, their velocities].
  using State = std::array<double, 4>;

  /// Options: low, high: bounds of the uniform start of each number of the state (-0.1, 0.1).
  static Acrobot from_spec(Spec& spec);

  EnvSpec spec() const override;
  void reset(NumpyRandom& random) override;
  /// Torque -1, 0, +1 for the actions 0, 1, 2.
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  /// [cos a, sin a, cos b, sin b, velocity of a, velocity of b].
  void observe(std::span<float> out) const override;

  const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }

 private:
  double low_ = -0.1, high_ = 0.1;
  State state_{};
};

}  // namespace tengen::envs::rl
