// MountainCar-v0 and MountainCarContinuous-v0: a car too weak for the hill rocks itself up.
//
// Source: A. Moore, "Efficient Memory-based Learning for Robot Control" (1990); constants, limits
// and start as Gymnasium's. Discrete: push left, none, right; reward -1 a step, 200 steps at most.
// Continuous: force in [-1, 1]; reward 100 at the goal less 0.1 force^2 a step, 999 steps.
#pragma once

#include "engine/base/spec.hpp"
#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

/// Position and velocity along the track, the same for both.
struct MountainCarState {
  double position = 0, velocity = 0;

  /// Adds `acceleration` and the slope's pull, then moves the car within its track.
  void advance(double acceleration);
};

class MountainCar final : public Dynamics {
 public:
  /// Options: low, high: bounds of the uniform starting position (-0.6, -0.4).
  static MountainCar from_spec(Spec& spec);

  EnvSpec spec() const override;
  void reset(NumpyRandom& random) override;
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override;

  void set_state(const MountainCarState& state) { state_ = state; }

 private:
  double low_ = -0.6, high_ = -0.4;
  MountainCarState state_;
};

class MountainCarContinuous final : public Dynamics {
 public:
  /// Options: low, high: bounds of the uniform starting position (-0.6, -0.4).
  static MountainCarContinuous from_spec(Spec& spec);

  EnvSpec spec() const override;
  void reset(NumpyRandom& random) override;
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override;

  void set_state(const MountainCarState& state) { state_ = state; }

 private:
  double low_ = -0.6, high_ = -0.4;
  MountainCarState state_;
};

}  // namespace tengen::envs::rl
