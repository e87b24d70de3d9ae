// Pendulum-v1: swing a pendulum up and hold it there with a weak motor.
//
// Dynamics, limits and start as Gymnasium's Pendulum-v1 (g = 10, length 1 m, mass 1 kg, semi-
// implicit Euler steps of 50 ms). Reward -(angle^2 + 0.1 velocity^2 + 0.001 torque^2) a step, with
// the angle from upright in [-pi, pi]; 200 steps; it never terminates.
#pragma once

#include "engine/base/spec.hpp"
#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

class Pendulum final : public Dynamics {
 public:
  /// Options: x, y: the start is uniform within +-x rad of upright, +-y rad/s (pi, 1).
  static Pendulum from_spec(Spec& spec);
  /// The same, with the velocity hidden: a task for memory. Id "Pendulum-P-v1".
  static Pendulum positions_from_spec(Spec& spec);

  EnvSpec spec() const override;
  void reset(NumpyRandom& random) override;
  /// Torque in [-2, 2] N m.
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  /// [cos angle, sin angle, velocity].
  void observe(std::span<float> out) const override;

  void set_state(double angle, double velocity) {
    angle_ = angle;
    velocity_ = velocity;
  }

 private:
  double max_start_angle_, max_start_velocity_;
  bool positions_only_ = false;
  double angle_ = 0, velocity_ = 0;
};

}  // namespace tengen::envs::rl
