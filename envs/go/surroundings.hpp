// The stones around a point, 16 bits: what eyes and liberties ask, answered without the board.
//
//     bit  0 1 2 3        4 5 6 7        8  9  10 11      12 13 14 15
//          n w e s black  n w e s white  nw ne sw se black  nw ne sw se white
//
// The border counts as black and as white. Directions d are numbered in that order, so that the
// point itself lies in direction 3 - d of its neighbour in direction d.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "envs/go/color.hpp"

namespace tengen::envs::go {

class Surroundings {
 public:
  /// Nothing around. (Not by default, for arrays that are filled later.)
  static Surroundings empty() {
    Surroundings none;
    none.bits_ = 0;
    return none;
  }

  /// A stone of `color` (or border, for both colours in turn) came or went in direction d.
  void toggle_beside(int d, Color color) { bits_ ^= first_bit(color) << d; }
  void toggle_diagonal(int d, Color color) { bits_ ^= first_bit(color) << (8 + d); }

  /// Bits n w e s where there is a stone of `color`.
  unsigned stones(Color color) const { return beside(color) & ~beside(opponent(color)); }
  /// Bits n w e s where the point is not empty.
  unsigned taken() const { return (bits_ | bits_ >> 4) & 15; }
  bool is_enclosed() const { return taken() == 15; }
  int empty_neighbours() const { return 4 - std::popcount(taken()); }

  /// All neighbours are stones of `color` or border, and the opponent holds at most one diagonal
  /// (none at the edge).
  bool is_simple_eye(Color color) const {
    return beside(color) == 15 && (kFalseEyes[bits_ >> 8] >> player_of_color(color) & 1) == 0;
  }

 private:
  static constexpr std::uint16_t first_bit(Color color) { return color == Color::kBlack ? 1 : 16; }
  unsigned beside(Color color) const { return bits_ >> (4 * player_of_color(color)) & 15; }

  /// By the bits of the diagonals: bit `player` is set if they make a false eye of that player's.
  static constexpr auto kFalseEyes = [] {
    std::array<std::uint8_t, 256> table{};
    for (unsigned bits = 0; bits < 256; ++bits) {
      const unsigned black = bits & 15, white = bits >> 4, border = black & white;
      const int edge = border != 0;
      if (std::popcount(white & ~border) + edge >= 2) table[bits] |= 1;
      if (std::popcount(black & ~border) + edge >= 2) table[bits] |= 2;
    }
    return table;
  }();

  std::uint16_t bits_;
};

}  // namespace tengen::envs::go
