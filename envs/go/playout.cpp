#include "envs/go/playout.hpp"

namespace tengen::envs::go {
namespace {

/// A point with an empty neighbour is neither suicide nor eye nor ko.
bool is_candidate(const Board& board, Point p, Color color) {
  if (!board.surroundings(p).is_enclosed()) return true;
  return !board.is_simple_eye(p, color) && p != board.ko_point() &&
         board.is_playable(p, color, false);
}

/// A uniformly drawn candidate, or kNoPoint. Draws empty points without replacement: what is
/// rejected moves behind the ones still to be tried.
Point draw_move(Board& board, Color color, SmallDraws& draws) {
  std::size_t untried = board.empty_points().size();
  while (untried > 0) {
    const std::size_t i = draws.below(static_cast<std::uint32_t>(untried));
    const Point p = board.empty_points()[i];
    if (is_candidate(board, p, color)) return p;
    board.swap_empty(i, --untried);
  }
  return kNoPoint;
}

}  // namespace

int play_random_game(Board& board, Color to_move, int passes, int max_plies, Rng& rng) {
  SmallDraws draws(rng);
  int plies = 0;
  for (; plies < max_plies && passes < 2; ++plies, to_move = opponent(to_move)) {
    const Point p = draw_move(board, to_move, draws);
    if (p == kNoPoint) {
      board.pass();
      ++passes;
    } else {
      board.play(p, to_move);
      passes = 0;
    }
  }
  return plies;
}

}  // namespace tengen::envs::go
