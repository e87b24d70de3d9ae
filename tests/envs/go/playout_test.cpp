#include "envs/go/playout.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "envs/go/go_state.hpp"
#include "tests/support/go_diagram.hpp"

using namespace tengen;
using namespace tengen::envs::go;

namespace {

/// What a playout may draw, found by trying every empty point on a copy of the board.
std::vector<Point> candidates_of(const Board& board, Color color) {
  std::vector<Point> points;
  for (const Point p : board.empty_points()) {
    if (p == board.ko_point() || board.is_simple_eye(p, color)) continue;
    Board after = board;
    after.play(p, color);
    if (after.color(p) == color) points.push_back(p);
  }
  return points;
}

/// The point that the first ply of a playout takes; kNoPoint if it passes.
Point drawn_point(const Board& board, Color color, Rng& rng) {
  Board after = board;
  play_random_game(after, color, 0, 1, rng);
  for (const Point p : board.empty_points())
    if (after.color(p) == color) return p;
  return kNoPoint;
}

/// Draws 200 times for each candidate, which puts each count within 6.5 standard deviations (92) of
/// 200, and finds nothing else drawn.
void check_draws(const Board& board, Color color, Rng& rng) {
  const std::vector<Point> candidates = candidates_of(board, color);
  std::vector<int> counts(kMaxPoints);
  const int draws = 200 * std::max(1, static_cast<int>(candidates.size()));
  for (int draw = 0; draw < draws; ++draw) ++counts[drawn_point(board, color, rng)];
  for (const Point p : candidates) CHECK(std::abs(std::exchange(counts[p], 0) - 200) < 92);
  CHECK(std::exchange(counts[kNoPoint], 0) == (candidates.empty() ? draws : 0));
  CHECK(std::count(counts.begin(), counts.end(), 0) == kMaxPoints);
}

}  // namespace

TEST_CASE("A playout draws equally among what may be played and nothing else",
          "[envs][go][playout]") {
  Rng rng(10);
  int eyes = 0, passes = 0;
  for (int i = 0; i < 150; ++i) {
    Board board(5, 5);
    const int plies = play_random_game(board, Color::kBlack, 0, 12 + i % 60, rng);
    const Color color = color_of_player(plies % 2);
    check_draws(board, color, rng);
    passes += candidates_of(board, color).empty();
    for (const Point p : board.empty_points()) eyes += board.is_simple_eye(p, color);
  }
  CHECK(std::min(eyes, passes) > 10);  // the positions have what is to be left out
}

TEST_CASE("A playout does not retake a ko at once", "[envs][go][playout]") {
  const GoGame game(Rules{.width = 5, .height = 4, .ko = KoRule::kSimple});
  GoState state(game);
  test::set_up_diagram(state,
                       ". X O . ."
                       "X . X O ."
                       ". X O . ."
                       ". . . . .",
                       1);
  test::play(state, {"B3"});
  REQUIRE(state.board().ko_point() != kNoPoint);
  Rng rng(11);
  check_draws(state.board(), Color::kBlack, rng);
  Board later = state.board();
  later.pass();  // now it may be retaken
  check_draws(later, Color::kBlack, rng);
  CHECK(candidates_of(later, Color::kBlack).size() ==
        candidates_of(state.board(), Color::kBlack).size() + 1);
}
