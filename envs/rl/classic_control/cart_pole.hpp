// CartPole-v1: a pole hinged on a cart; push left or right to keep it up.
//
// Source: Barto, Sutton and Anderson, "Neuronlike adaptive elements that can solve difficult
// learning control problems" (1983); friction left out, Euler steps of 20 ms, limits and start as
// Gymnasium's CartPole-v1. Reward 1 a step, 500 steps at most.
#pragma once

#include <array>

#include "engine/base/spec.hpp"
#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

class CartPole final : public Dynamics {
 public:
  /// [cart position m, its velocity m/s, pole angle rad, its velocity rad/s].
  using State = std::array<double, 4>;

  /// Options: low, high: bounds of the uniform start of each number of the state (-0.05, 0.05).
  static CartPole from_spec(Spec& spec);
  /// The same, with positions alone observed: a task for memory. Id "CartPole-P-v1".
  static CartPole positions_from_spec(Spec& spec);

  EnvSpec spec() const override;
  void reset(NumpyRandom& random) override;
  /// 0 pushes left, 1 right.
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override;

  const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }

 private:
  double low_ = -0.05, high_ = 0.05;
  bool positions_only_ = false;
  State state_{};
};

}  // namespace tengen::envs::rl
