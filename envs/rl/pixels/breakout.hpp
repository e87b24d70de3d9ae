// PixelBreakout-v0: bounce a ball off a paddle of one cell to break three rows of bricks.
//
// Rules of MinAtar's description (screen.hpp): the ball moves along diagonals; bricks, walls and
// the paddle reflect it; each brick pays 1; three new rows come when all are broken; a ball on the
// bottom row ends the game. Ours: the ball starts at a random side wall right below the bricks and
// falls inward, the paddle in column 4. The paddle moves first. A ball above the paddle goes on
// sideways as it went; one that would fall onto it from beside is thrown back. A step that ends at
// a brick or the paddle moves the ball sideways only: else it would keep to the cells of one colour
// of a chessboard. New rows wait until the ball is below them.
#pragma once

#include <array>
#include <bitset>

#include "engine/base/spec.hpp"
#include "envs/rl/pixels/screen.hpp"

namespace tengen::envs::rl {

class Breakout final : public Dynamics {
 public:
  /// Channels: paddle, ball, where the ball was, bricks.
  static constexpr const char* kSigns = "=o+#";

  static Breakout from_spec(Spec&) { return {}; }

  EnvSpec spec() const override { return pixel_spec("PixelBreakout-v0", 4, 3); }
  void reset(NumpyRandom& random) override;
  /// 0 stays, 1 moves left, 2 right.
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override;

 private:
  static constexpr int kFirstRow = 1, kRows = 3;  // of the bricks

  void set_bricks();
  bool is_brick(Cell cell) const;
  /// The cell that the ball moves to, after walls have turned it.
  Cell ahead();

  std::array<std::bitset<kScreenSide>, kRows> bricks_;
  Cell ball_, trail_;
  int down_ = 1, right_ = 1;  // the ball's direction: 1 or -1
  int paddle_ = 0;
};

}  // namespace tengen::envs::rl
