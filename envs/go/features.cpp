#include "envs/go/features.hpp"

#include <algorithm>
#include <array>

#include "engine/base/check.hpp"
#include "envs/go/go_state.hpp"

namespace tengen::envs::go {
namespace {

/// Writes channel `age` (own) and 8 + age (opponent) of every cell.
void write_position(const Board& board, std::span<const Color> colors, Color own, int age,
                    float* out) {
  float* cell = out + age;
  for (int row = 0; row < board.height(); ++row) {
    const Color* color = &colors[board.point(row, 0)];
    for (int column = 0; column < board.width(); ++column, ++color, cell += kNumPlanes) {
      cell[0] = *color == own ? 1.0f : 0.0f;
      cell[kHistoryPositions] = *color == opponent(own) ? 1.0f : 0.0f;
    }
  }
}

}  // namespace

void write_zero_planes(const GoState& state, std::span<float> out) {
  const Board& board = state.board();
  CHECK_INVARIANT(static_cast<int>(out.size()) == board.area() * kNumPlanes);
  std::fill(out.begin(), out.end(), 0.0f);
  if (state.current_player() == 0)
    for (int cell = 0; cell < board.area(); ++cell) out[cell * kNumPlanes + kNumPlanes - 1] = 1.0f;
  std::array<Color, kMaxPoints> colors;
  for (int p = 0; p < board.num_points(); ++p) colors[p] = board.color(static_cast<Point>(p));
  Journal::Walker walker(state.journal());
  for (int age = 0; age < kHistoryPositions; ++age) {
    write_position(board, colors, state.color_to_move(), age, out.data());
    if (walker.at_start()) break;
    walker.step_back(colors);
  }
}

}  // namespace tengen::envs::go
