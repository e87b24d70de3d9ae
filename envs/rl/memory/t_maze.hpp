// TMaze-v0: a sign at the start of a corridor tells which way to turn at its end.
//
// Source: Bakker, "Reinforcement Learning with Long Short-Term Memory" (2002), section 4: corridor
// cells 0 to `length`, the last one the junction. Seen are 3 bits: 011 or 110 at the start, which
// mean that the goal is north or south, 101 in the corridor, 010 at the junction. Turning the right
// way is worth 4, the wrong way -0.1, and ends the episode; walking into a wall costs -0.1, every
// other step nothing. The way there takes length + 1 steps, so the best return is 4. The limit of
// 20 steps a cell is ours.
#pragma once

#include "engine/base/spec.hpp"
#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

class TMaze final : public Dynamics {
 public:
  /// Option: length (10).
  static TMaze from_spec(Spec& spec);

  EnvSpec spec() const override;
  void reset(NumpyRandom& random) override;
  /// North, east, south, west.
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override;

 private:
  int length_ = 10;
  int cell_ = 0;
  bool goal_is_north_ = false;
};

}  // namespace tengen::envs::rl
