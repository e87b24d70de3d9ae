// Catch-v0: a ball falls straight down; be under it with the paddle.
//
// Source: Mnih et al., "Recurrent Models of Visual Attention" (2014), in the version of bsuite
// (Osband et al. 2020): 10 rows and 5 columns, the ball starts in a random column of the top row
// and falls a row a step, the paddle in the middle of the bottom row. Actions left, stay, right.
// Reward 1 or -1 when the ball arrives, which ends the episode; a perfect player has return 1.
#pragma once

#include "engine/base/spec.hpp"
#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

class CatchBall final : public Dynamics {
 public:
  /// Options: rows (10), columns (5).
  static CatchBall from_spec(Spec& spec);

  EnvSpec spec() const override;
  void reset(NumpyRandom& random) override;
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  /// [rows, columns, 1]: 1 where the ball is and where the paddle is.
  void observe(std::span<float> out) const override;

 private:
  int rows_ = 10, columns_ = 5;
  int ball_row_ = 0, ball_column_ = 0, paddle_ = 0;
};

}  // namespace tengen::envs::rl
