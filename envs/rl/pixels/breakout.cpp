#include "envs/rl/pixels/breakout.hpp"

#include <algorithm>

namespace tengen::envs::rl {
namespace {

constexpr int kBottom = kScreenSide - 1;

}  // namespace

void Breakout::set_bricks() {
  for (auto& row : bricks_) row.set();
}

bool Breakout::is_brick(Cell cell) const {
  const int row = cell.row - kFirstRow;
  return row >= 0 && row < kRows && bricks_[row][cell.column];
}

void Breakout::reset(NumpyRandom& random) {
  const bool from_left = random.integers(2) == 0;
  set_bricks();
  ball_ = trail_ = {kFirstRow + kRows, from_left ? 0 : kScreenSide - 1};
  down_ = 1;
  right_ = from_left ? 1 : -1;
  paddle_ = 4;
}

Cell Breakout::ahead() {
  if (!Cell{ball_.row, ball_.column + right_}.on_screen()) right_ = -right_;
  if (ball_.row + down_ < 0) down_ = 1;
  return {ball_.row + down_, ball_.column + right_};
}

Outcome Breakout::step(std::span<const float> action, NumpyRandom&) {
  constexpr int kMoves[] = {0, -1, 1};
  paddle_ = std::clamp(paddle_ + kMoves[static_cast<int>(action[0])], 0, kScreenSide - 1);
  double reward = 0;
  Cell next = ahead();
  if (is_brick(next)) {
    bricks_[next.row - kFirstRow].reset(next.column);
    reward = 1;
    down_ = -down_;
    next.row = ball_.row;
    if (is_brick(next)) next = ball_;  // wedged between two
  } else if (next.row == kBottom && (paddle_ == ball_.column || paddle_ == next.column)) {
    down_ = -1;
    if (paddle_ != ball_.column) right_ = -right_;
    next = {ball_.row, ahead().column};
  }
  trail_ = ball_;
  ball_ = next;
  const bool cleared = std::ranges::all_of(bricks_, [](const auto& row) { return row.none(); });
  if (cleared && ball_.row >= kFirstRow + kRows) set_bricks();
  return {reward, ball_.row == kBottom};
}

void Breakout::observe(std::span<float> out) const {
  Screen screen(out, 4);
  screen.draw(0, {kBottom, paddle_});
  screen.draw(1, ball_);
  screen.draw(2, trail_);
  for (int row = kFirstRow; row < kFirstRow + kRows; ++row)
    for (int column = 0; column < kScreenSide; ++column)
      if (is_brick({row, column})) screen.draw(3, {row, column});
}

}  // namespace tengen::envs::rl
