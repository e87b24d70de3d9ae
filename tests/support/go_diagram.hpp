// Go positions as drawings: rows from the top, 'X' Black, 'O' White, '.' empty, spaces ignored.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "envs/go/go_state.hpp"

namespace tengen::test {

/// Sets `state` up as drawn, with `to_move` (0 Black, 1 White) to play.
inline void set_up_diagram(envs::go::GoState& state, std::string_view diagram, int to_move = 0) {
  std::vector<envs::Action> black, white;
  envs::Action cell = 0;
  for (const char c : diagram) {
    if (c == 'X') black.push_back(cell);
    if (c == 'O') white.push_back(cell);
    cell += c == 'X' || c == 'O' || c == '.';
  }
  state.set_up(black, white, to_move);
}

/// The rows of the board, without coordinates.
inline std::string diagram_of(const envs::go::Board& board) {
  std::string rows;
  for (int cell = 0; cell < board.area(); ++cell) {
    rows += ".XO"[static_cast<int>(board.color(board.point_of_cell(cell)))];
    if (cell % board.width() == board.width() - 1) rows += '\n';
  }
  return rows;
}

/// Plays legal moves written as vertices, e.g. play(state, {"D4", "pass"}).
inline void play(envs::State& state, std::initializer_list<const char*> moves) {
  for (const char* move : moves) {
    const envs::Action action = state.game().parse_action(move).value();
    INFO(move);
    REQUIRE(state.is_legal(action));
    state.apply(action);
  }
}

inline bool is_legal(const envs::State& state, const char* move) {
  return state.is_legal(state.game().parse_action(move).value());
}

}  // namespace tengen::test
