// The 10x10 screen of the pixel games: one plane of 0 and 1 for each kind of thing.
//
// The games (breakout.hpp, asterix.hpp, freeway.hpp, invaders.hpp) are written from the published
// descriptions of MinAtar (Young and Tian, "MinAtar: An Atari-Inspired Testbed for Thorough and
// Reproducible Reinforcement Learning Experiments", 2019): same screen, planes, actions, rewards
// and ends. What the descriptions leave open (starts, intervals, order within a step) is stated in
// each header and is our own, hence the names of our own: scores are near to, not equal to
// MinAtar's.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

inline constexpr int kScreenSide = 10;

/// Row 0 is the top.
struct Cell {
  int row = 0, column = 0;
  bool on_screen() const {
    return row >= 0 && row < kScreenSide && column >= 0 && column < kScreenSide;
  }
  friend bool operator==(const Cell&, const Cell&) = default;
};

/// Draws into an observation [10, 10, channels].
class Screen {
 public:
  /// Clears `out`.
  Screen(std::span<float> out, int channels);
  /// Nothing is drawn off the screen.
  void draw(int channel, Cell cell);

 private:
  std::span<float> out_;
  int channels_;
};

/// The screen as people look at it, ten lines: at each cell the sign of the first channel that is
/// set, '.' if none is. `signs` has one for each channel; a channel with ' ' is not shown.
std::string picture(std::span<const float> planes, std::string_view signs);

/// A screen of `channels` planes, `actions` choices, 2500 steps at most.
EnvSpec pixel_spec(const char* id, int channels, int actions);

}  // namespace tengen::envs::rl
