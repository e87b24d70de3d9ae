// PixelAsterix-v0: collect treasure and keep clear of enemies, which cross the screen faster and
// faster.
//
// Rules of MinAtar's description (screen.hpp): the player walks in four directions; enemies and
// treasure come from the sides, and their trail shows where to; treasure pays 1, an enemy ends the
// game; both become faster and more. Ours: they use rows 1 to 8, at most one in each; one in three
// is treasure; one comes every 10 steps and all move a cell every 5, each of which becomes one less
// (but at least 1) every 100 steps. The player starts at row 5, column 5 and moves first; contact
// counts after each half of a step.
#pragma once

#include <array>

#include "engine/base/spec.hpp"
#include "envs/rl/pixels/screen.hpp"

namespace tengen::envs::rl {

class Asterix final : public Dynamics {
 public:
  /// Channels: player, enemy, where a thing was, treasure.
  static constexpr const char* kSigns = "@x-$";

  static Asterix from_spec(Spec&) { return {}; }

  EnvSpec spec() const override { return pixel_spec("PixelAsterix-v0", 4, 5); }
  void reset(NumpyRandom& random) override;
  /// 0 stays, 1 moves left, 2 right, 3 up, 4 down.
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override;

 private:
  static constexpr int kFirstRow = 1, kRows = 8;

  struct Thing {
    bool present = false, is_treasure = false;
    int column = 0, right = 1;  // right: 1 moves right, -1 left
  };

  /// In a random row that is free, if one is.
  void add_thing(NumpyRandom& random);
  void move_things();
  /// Takes what is where the player is.
  Outcome touch();
  /// An interval that was `first` at the start of the game.
  int interval(int first) const;

  std::array<Thing, kRows> things_;  // by row
  Cell player_;
  int time_ = 0;  // steps
};

}  // namespace tengen::envs::rl
