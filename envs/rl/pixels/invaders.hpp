// PixelInvaders-v0: shoot the aliens before they land, and dodge what they drop.
//
// Rules of MinAtar's description (screen.hpp): a cannon at the bottom shoots upward; the aliens
// move sideways until one would leave the screen, when all move down and turn; a plane for each
// direction shows which; an alien that is shot pays 1; aliens shoot, too. With few aliens left they
// move faster, the last one every step; each new wave is a little faster than the one before. A
// bullet or an alien that hits the cannon ends the game. Ours: a wave is 4 rows of 6 in columns 2
// to 7, starts to the left and moves every min(12, aliens left) steps, in wave n every min(12 - n,
// ..) but not under 6; the cannon starts in a random column and shoots at most every 5 steps; every
// 10 steps the lowest alien of a random column shoots; bullets move a cell a step; an alien that
// lands anywhere on the bottom row ends the game.
#pragma once

#include <array>
#include <cstdint>

#include "engine/base/spec.hpp"
#include "envs/rl/pixels/screen.hpp"

namespace tengen::envs::rl {

class Invaders final : public Dynamics {
 public:
  /// Channels: cannon, alien, alien that moves left, right, bullet of the cannon, of an alien.
  static constexpr const char* kSigns = "A <>|:";

  static Invaders from_spec(Spec&) { return {}; }

  EnvSpec spec() const override { return pixel_spec("PixelInvaders-v0", 6, 4); }
  void reset(NumpyRandom& random) override;
  /// 0 stays, 1 moves left, 2 right, 3 shoots.
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override;

 private:
  /// Bit c of row r is the cell there.
  using Bits = std::array<std::uint16_t, kScreenSide>;

  void begin_wave();
  void act(int action);
  void move_aliens();
  void drop_bomb(NumpyRandom& random);
  /// Removes aliens and bullets that meet; how many aliens.
  int hit_aliens();
  int aliens_left() const;

  Bits aliens_{}, bullets_{}, bombs_{};
  bool moves_right_ = false;
  int cannon_ = 0;      // column
  int wave_ = 0;        // from 0
  int until_move_ = 0;  // of the aliens, steps
  int until_bomb_ = 0;
  int until_shot_ = 0;  // 0: the cannon may shoot
};

}  // namespace tengen::envs::rl
