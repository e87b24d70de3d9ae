// PixelFreeway-v0: cross a road of eight lanes between the cars, again and again.
//
// Rules of MinAtar's description (screen.hpp): the player walks up and down, once in 3 steps at
// most; the top row pays 1 and leads back to the bottom; so does a car, for nothing. Cars wrap
// round the screen; each moves every 1 to 5 steps, which the plane of its trail tells, and all get
// new speeds at each reward. 2500 steps, the time limit, are an episode. Ours: one car for each of
// rows 1 to 8, with a random column, direction and speed at the start and the last two anew at each
// reward; the player keeps to column 4 and moves first.
#pragma once

#include <array>

#include "engine/base/spec.hpp"
#include "envs/rl/pixels/screen.hpp"

namespace tengen::envs::rl {

class Freeway final : public Dynamics {
 public:
  /// Channels: player, car, where a car that moves every 1, 2, .. 5 steps was.
  static constexpr const char* kSigns = "@c12345";

  static Freeway from_spec(Spec&) { return {}; }

  EnvSpec spec() const override { return pixel_spec("PixelFreeway-v0", 7, 3); }
  void reset(NumpyRandom& random) override;
  /// 0 stays, 1 moves up, 2 down.
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override;

 private:
  static constexpr int kFirstRow = 1, kRows = 8;

  struct Car {
    int column = 0;
    int right = 1;       // 1 moves right, -1 left
    int interval = 1;    // steps from move to move
    int until_move = 1;  // steps
  };

  void draw_speeds(NumpyRandom& random);
  void move_cars();
  /// Sends the player back if a car is there.
  void touch();

  std::array<Car, kRows> cars_;  // by row
  int player_ = 0;               // row
  int until_walk_ = 0;           // steps; 0: the player may walk
};

}  // namespace tengen::envs::rl
