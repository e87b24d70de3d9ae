#include "tools/gtp/pass_policy.hpp"

#include <set>

namespace tengen::gtp {
namespace {

using envs::Action;
using envs::go::Color;
using envs::go::GoState;

/// A move whose value is below this is as lost as a pass.
constexpr float kHopeless = -0.9f;

/// The state after passes of both sides, or of one if that ends the game.
GoState after_passes(const GoState& state) {
  GoState end = state;
  for (int passes = 0; passes < 2 && !end.is_terminal(); ++passes)
    end.apply(state.go_game().pass_action());
  return end;
}

double for_player(double black_score, int player) {
  return player == 0 ? black_score : -black_score;
}

bool wins(const GoState& end, int player, bool friendly) {
  return for_player(end.score(), player) > 0 ||
         (friendly && for_player(end.agreed_score(), player) > 0);
}

}  // namespace

bool passes_at_once(const GoState& state, bool friendly) {
  GoState end = state;
  end.apply(state.go_game().pass_action());
  return end.is_terminal() && wins(end, state.current_player(), friendly);
}

Action safe_action(const GoState& state, const mcts::SearchResult& search, Action action,
                   bool friendly) {
  const Action pass = state.go_game().pass_action();
  const int player = state.current_player();
  if (action != pass) return action;
  const GoState end = after_passes(state);
  if (!end.is_terminal() || wins(end, player, friendly) || end.returns(player) == 0) return action;
  const mcts::ActionStats* best = nullptr;
  for (const mcts::ActionStats& each : search.actions) {
    if (each.action == pass || each.visits == 0 || each.q <= kHopeless) continue;
    if (!best || each.visits > best->visits) best = &each;
  }
  return best ? best->action : action;
}

std::vector<Action> cleanup_moves(const GoState& state) {
  const envs::go::Board& board = state.board();
  const std::vector<envs::go::Life> life = state.life();
  std::set<Action> moves;
  for (int cell = 0; cell < board.area(); ++cell) {
    const envs::go::Point p = board.point_of_cell(cell);
    if (board.color(p) != opponent(state.color_to_move()) || life[cell] != envs::go::Life::kDead)
      continue;
    for (const envs::go::Point n : board.neighbours(p))
      if (board.color(n) == Color::kEmpty && state.is_legal(board.cell_of_point(n)))
        moves.insert(board.cell_of_point(n));
  }
  return {moves.begin(), moves.end()};
}

}  // namespace tengen::gtp
