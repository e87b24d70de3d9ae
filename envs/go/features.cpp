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

/// By feature set, so that the cells' stride is known to the compiler.
template <Features features>
void write_cells(const Board& board, const Presence& presence, unsigned mask, float black_to_move,
                 float* cell) {
  constexpr int kPlanes = num_planes(features);
  for (int row = 0; row < board.height(); ++row)
    for (int column = 0; column < board.width(); ++column, cell += kPlanes) {
      const unsigned bits = presence[board.point(row, column)] & mask;
      for (int i = 0; i < 4; ++i) std::copy_n(kNibbles[bits >> 4 * i & 15].data(), 4, cell + 4 * i);
      cell[kStonePlanes] = black_to_move;
      if (features == Features::kLeela) cell[kStonePlanes + 1] = 1 - black_to_move;
    }
}

}  // namespace

void write_planes(const GoState& state, std::span<float> out) {
  const Board& board = state.board();
  const Features features = state.go_game().rules().features;
  CHECK_INVARIANT(static_cast<int>(out.size()) == board.area() * num_planes(features));
  Presence presence;
  find_presence(state, presence);
  const int known = std::min(kHistoryPositions, state.ply() + 1);
  const unsigned mask = ((1u << known) - 1) * 0x0101u;
  const float black_to_move = state.current_player() == 0 ? 1.0f : 0.0f;
  const auto write =
      features == Features::kLeela ? write_cells<Features::kLeela> : write_cells<Features::kZero>;
  write(board, presence, mask, black_to_move, out.data());
}

}  // namespace tengen::envs::go
