// CartPole-v1: a pole hinged on a cart; push left or right to keep it up.
//
// Source: Barto, Sutton and Anderson, "Neuronlike adaptive elements that can solve difficult
// learning control problems" (1983); friction left out, Euler steps of 20 ms, limits and start as
// Gymnasium's CartPole-v1. Reward 1 a step, 500 steps at most.
#pragma once

#include <array>
#include <vector>

#include "engine/base/spec.hpp"
#include "engine/base/vectorised.hpp"
#include "envs/rl/batch.hpp"
#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

class CartPoles;

class CartPole final : public Dynamics {
 public:
  /// [cart position m, its velocity m/s, pole angle rad, its velocity rad/s].
  using State = std::array<double, 4>;
  using Group = CartPoles;  // what a batch of them is

  /// Options: low, high: bounds of the uniform start of each number of the state (-0.05, 0.05).
  static CartPole from_spec(Spec& spec);
  /// The same, with positions alone observed: a task for memory. Id "CartPole-P-v1".
  static CartPole positions_from_spec(Spec& spec);

  EnvSpec spec() const override;
  void reset(NumpyRandom& random) override;
  /// 0 pushes left, 1 right.
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  /// The state, or [cart position, pole angle].
  void observe(std::span<float> out) const override;

  bool positions_only() const { return positions_only_; }
  const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }

 private:
  double low_ = -0.05, high_ = 0.05;
  bool positions_only_ = false;
  State state_{};
};

/// A group for Batch (batch.hpp): to the bit what `count` copies of `one` do, but with the states
/// apart by number, so that one instruction steps several.
class CartPoles {
 public:
  /// `isa` must be one that the CPU has.
  CartPoles(const CartPole& one, int count, VectorIsa isa = cpu_vector_isa());

  int size() const { return static_cast<int>(state_[0].size()); }
  void reset(std::span<const int> which, std::span<NumpyRandom> randoms);
  void step(std::span<const float> actions, std::span<NumpyRandom> randoms, const StepRows& out);
  void observe(int i, std::span<float> out) const;
  void action_mask(int, std::span<std::uint8_t> out) const { one_.action_mask(out); }

 private:
  void write_observations(std::span<float> out) const;

  CartPole one_;  // draws the starts
  VectorIsa isa_;
  std::array<std::vector<double>, 4> state_;  // [4][B]
};

}  // namespace tengen::envs::rl
