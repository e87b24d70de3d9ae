// Who holds a point of the Go board.
#pragma once

#include <cstdint>

namespace tengen::envs::go {

enum class Color : std::uint8_t { kEmpty = 0, kBlack = 1, kWhite = 2, kBorder = 3 };

constexpr Color opponent(Color color) {
  return static_cast<Color>(3 - static_cast<std::uint8_t>(color));
}
/// Player 0 is Black.
constexpr Color color_of_player(int player) { return static_cast<Color>(player + 1); }
constexpr int player_of_color(Color color) { return static_cast<int>(color) - 1; }

}  // namespace tengen::envs::go
