#include "envs/go/features.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/base/check.hpp"
#include "envs/go/go_state.hpp"

namespace tengen::envs::go {
namespace {

/// Four bits as floats, the lowest first.
constexpr auto kNibbles = [] {
  std::array<std::array<float, 4>, 16> table{};
  for (int bits = 0; bits < 16; ++bits)
    for (int i = 0; i < 4; ++i) table[bits][i] = static_cast<float>(bits >> i & 1);
  return table;
}();

/// By Point: bit `age` if the mover has a stone there `age` plies ago, bit 8 + age if the opponent.
using Presence = std::array<std::uint16_t, kMaxPoints>;

/// From the present position back through the last plies: each changes a few points for all ages
/// beyond it. Ages before the start of the game stay set; the caller masks them.
void find_presence(const GoState& state, Presence& presence) {
  const Board& board = state.board();
  std::array<std::uint16_t, 4> all_ages{};  // by colour
  all_ages[static_cast<int>(state.color_to_move())] = 0x00ff;
  all_ages[static_cast<int>(opponent(state.color_to_move()))] = 0xff00;
  for (int p = 0; p < board.num_points(); ++p)
    presence[p] = all_ages[static_cast<int>(board.color(static_cast<Point>(p)))];
  Journal::Walker walker(state.journal());
  for (int age = 1; age < kHistoryPositions && !walker.at_start(); ++age) {
    const Journal::Change change = walker.step_back();
    const unsigned older = (0xffu << age & 0xffu) * 0x0101u;
    for (const Point p : change.removed)
      presence[p] |= older & all_ages[static_cast<int>(change.removed_color)];
    presence[change.point] &= static_cast<std::uint16_t>(~older);
  }
}

}  // namespace

void write_planes(const GoState& state, std::span<float> out) {
  const Board& board = state.board();
  const int planes = num_planes(state.go_game().rules().features);
  CHECK_INVARIANT(static_cast<int>(out.size()) == board.area() * planes);
  Presence presence;
  find_presence(state, presence);
  const int known = std::min(kHistoryPositions, state.ply() + 1);
  const unsigned mask = ((1u << known) - 1) * 0x0101u;
  const float black_to_move = state.current_player() == 0 ? 1.0f : 0.0f;
  const bool has_white_plane = planes > kStonePlanes + 1;
  const float last_plane = has_white_plane ? 1 - black_to_move : black_to_move;
  float* cell = out.data();
  for (int row = 0; row < board.height(); ++row)
    for (int column = 0; column < board.width(); ++column, cell += planes) {
      const unsigned bits = presence[board.point(row, column)] & mask;
      for (int i = 0; i < 4; ++i) std::copy_n(kNibbles[bits >> 4 * i & 15].data(), 4, cell + 4 * i);
      cell[kStonePlanes] = black_to_move;
      cell[planes - 1] = last_plane;
    }
}

}  // namespace tengen::envs::go
