#include "envs/rl/memory/catch_ball.hpp"

#include <algorithm>

namespace tengen::envs::rl {

CatchBall CatchBall::from_spec(Spec& spec) {
  CatchBall env;
  env.rows_ = spec.get_int("rows", env.rows_, 2, 1000);
  env.columns_ = spec.get_int("columns", env.columns_, 1, 1000);
  return env;
}

EnvSpec CatchBall::spec() const {
  return {.id = "Catch-v0",
          .observation_space = Space::box(0, 1, {rows_, columns_, 1}),
          .action_space = Space::discrete(3),
          .reward_threshold = 1};
}

void CatchBall::reset(NumpyRandom& random) {
  ball_row_ = 0;
  ball_column_ = static_cast<int>(random.integers(columns_));
  paddle_ = columns_ / 2;
}

Outcome CatchBall::step(std::span<const float> action, NumpyRandom&) {
  paddle_ = std::clamp(paddle_ + static_cast<int>(action[0]) - 1, 0, columns_ - 1);
  if (++ball_row_ < rows_ - 1) return {0, false};
  return {paddle_ == ball_column_ ? 1.0 : -1.0, true};
}

void CatchBall::observe(std::span<float> out) const {
  std::fill(out.begin(), out.end(), 0.0f);
  out[ball_row_ * columns_ + ball_column_] = 1;
  out[(rows_ - 1) * columns_ + paddle_] = 1;
}

}  // namespace tengen::envs::rl
