// What a tax on groups takes: hand-made positions, and the play-out that it stands for.
#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "engine/base/random.hpp"
#include "envs/go/connected_sets.hpp"
#include "envs/go/go_state.hpp"
#include "envs/go/pass_alive.hpp"
#include "envs/go/playout.hpp"
#include "envs/go/scoring.hpp"
#include "tests/support/go_diagram.hpp"

using namespace tengen;
using namespace tengen::envs;
using namespace tengen::envs::go;
using test::set_up_diagram;

namespace {

/// Two black groups and a white one, of two eyes each.
constexpr const char* kThreeGroups =
    ". X O . O X ."
    "X X O O O X X"
    ". X O . O X .";

Board board_of(int width, int height, const char* diagram) {
  const GoGame game(Rules{.width = width, .height = height});
  GoState state(game);
  set_up_diagram(state, diagram);
  return state.board();
}

std::vector<Color> stones_of(const Board& board) {
  std::vector<Color> stones;
  for (int cell = 0; cell < board.area(); ++cell)
    stones.push_back(board.color(board.point_of_cell(cell)));
  return stones;
}

/// Whether each point is of a chain that lives whatever happens, or its territory: no dame is left.
bool is_settled(const Board& board) {
  const std::vector<Color> alive = pass_alive(board, false), owners = ownership(board);
  for (int cell = 0; cell < board.area(); ++cell) {
    const Color stone = board.color(board.point_of_cell(cell));
    if (owners[cell] == Color::kEmpty || (stone != Color::kEmpty && alive[cell] != stone))
      return false;
  }
  return true;
}

/// A settled board with groups of many shapes and of both colours: a random game's end, thinned
/// out. False if the end is not such a board.
bool settle_at_random(Board& board, Rng& rng) {
  board.clear();
  play_random_game(board, Color::kBlack, 0, 1000, rng);
  if (!is_settled(board) || board.num_stones(Color::kBlack) == 0 ||
      board.num_stones(Color::kWhite) == 0)
    return false;
  for (int i = 0; i < board.area(); ++i) {
    std::vector<Color> stones = stones_of(board);
    stones[rng.below(static_cast<std::uint32_t>(board.area()))] = Color::kEmpty;
    Board thinner(board.width(), board.height());
    if (thinner.set_stones(stones) && is_settled(thinner)) board = thinner;
  }
  return true;
}

/// Whether a group of `color` can fill its empty points `fill` and live on whatever happens.
bool can_fill(const Board& board, Color color, const std::vector<Point>& fill) {
  std::vector<Color> stones = stones_of(board);
  for (const Point p : fill) stones[board.cell_of_point(p)] = color;
  Board filled(board.width(), board.height());
  return filled.set_stones(stones) && is_settled(filled);
}

/// The most of these empty points that their owner can fill and live, by trying all ways.
int most_filled(const Board& board, Color color, const std::vector<Point>& empty) {
  for (std::size_t open = 0; open <= empty.size(); ++open) {
    std::vector<bool> stays_open(empty.size());
    std::fill_n(stays_open.begin(), open, true);
    do {
      std::vector<Point> fill;
      for (std::size_t i = 0; i < empty.size(); ++i)
        if (!stays_open[i]) fill.push_back(empty[i]);
      if (can_fill(board, color, fill)) return static_cast<int>(fill.size());
    } while (std::prev_permutation(stays_open.begin(), stays_open.end()));
  }
  return 0;
}

/// Stones of `color` once each of its regions is filled as far as it lives: stone scoring.
int stones_after_filling(const Board& board, Color color) {
  const ConnectedSets regions = connected_sets(board, [&](Point, Point p) {
    return board.color(p) != Color::kBorder && board.color(p) != opponent(color);
  });
  int count = board.num_stones(color);
  for (const std::vector<Point>& region : regions.points) {
    std::vector<Point> empty;
    for (const Point p : region)
      if (board.color(p) == Color::kEmpty) empty.push_back(p);
    if (empty.size() < region.size()) count += most_filled(board, color, empty);
  }
  return count;
}

}  // namespace

TEST_CASE("Every living group pays two points", "[envs][go][tax]") {
  const Board board = board_of(7, 3, kThreeGroups);
  CHECK(area_score(board, Tax::kNone) == 12 - 9);
  CHECK(area_score(board, Tax::kSeki) == 12 - 9);
  CHECK(area_score(board, Tax::kAll) == 8 - 7);  // the stones, as the eyes cannot be filled
  const std::vector<Life> alive(21, Life::kAlive);
  CHECK(territory_score(board, alive, Tax::kNone) == 4 - 2);
  CHECK(territory_score(board, alive, Tax::kSeki) == 4 - 2);
  CHECK(territory_score(board, alive, Tax::kAll) == 0);
}

TEST_CASE("Chains that share an empty region are one group", "[envs][go][tax]") {
  const char* two_chains =
      ". X . X ."
      "X X . X X";
  CHECK(area_score(board_of(5, 2, two_chains), Tax::kAll) == 10 - 2);
  CHECK(area_score(board_of(5, 5, "............X............"), Tax::kAll) == 25 - 2);
  CHECK(area_score(board_of(5, 5, "........................."), Tax::kAll) == 0);
}

TEST_CASE("Eyes in seki do not count and pay nothing", "[envs][go][tax]") {
  // Black's corner and White have an eye each and share C2: who plays there is captured.
  const Board board = board_of(10, 2,
                               ". X . O . O X . X ."
                               "X X O O O O X X X X");
  CHECK(area_score(board, Tax::kNone) == 12 - 7);
  CHECK(area_score(board, Tax::kSeki) == 11 - 6);
  CHECK(area_score(board, Tax::kAll) == 9 - 6);
  std::vector<Life> life(20, Life::kAlive);
  for (const int cell : {1, 10, 11}) life[cell] = Life::kSeki;
  CHECK(territory_score(board, life, Tax::kNone) == 3 - 1);
  CHECK(territory_score(board, life, Tax::kSeki) == 2 - 1);
  CHECK(territory_score(board, life, Tax::kAll) == 0 - 0);  // one point pays one
  for (const int cell : {3, 5, 12, 13, 14, 15}) life[cell] = Life::kSeki;
  CHECK(territory_score(board, life, Tax::kSeki) == 2);
}

TEST_CASE("A double ko makes seki without dame", "[envs][go][tax]") {
  // Black takes one ko when White takes the other: neither can capture.
  const Board board = board_of(6, 5,
                               "X X X O O ."
                               ". X . X O ."
                               "X X X O O O"
                               "X X O . O O"
                               "X X X O O O");
  CHECK(area_score(board, Tax::kNone) == 15 - 15);
  CHECK(area_score(board, Tax::kSeki) == 13 - 12);
  CHECK(area_score(board, Tax::kAll) == 13 - 12);
}

TEST_CASE("Dead stones are taken off before people agree on the tax", "[envs][go][tax]") {
  const GoGame game(Rules{.width = 8, .height = 3, .komi_halves = 0, .tax = Tax::kAll});
  GoState state(game);
  set_up_diagram(state,
                 ". X . X O . O ."
                 "X X X X O O O O"
                 ". O . X O . . .");
  CHECK(state.score() == 7 - 1 - 10);  // B1 stands in the way of an eye, and counts
  CHECK(state.agreed_score() == 10 - 10);
}

TEST_CASE("The tax decides games and random games", "[envs][go][tax]") {
  for (const Scoring scoring : {Scoring::kArea, Scoring::kTerritory})
    for (const Tax tax : {Tax::kNone, Tax::kSeki, Tax::kAll}) {
      const int komi_halves = scoring == Scoring::kArea ? 4 : 2;
      const GoGame game(Rules{
          .width = 7, .height = 3, .komi_halves = komi_halves, .scoring = scoring, .tax = tax});
      CAPTURE(game.spec());
      GoState state(game);
      set_up_diagram(state, kThreeGroups);
      const float black = tax == Tax::kAll ? -1 : 1;
      CHECK(state.returns(0) == black);
      Rng rng(1);
      CHECK(state.random_playout(rng, 0) == black);  // nothing is left to play
    }
}

TEST_CASE("Area with a tax on all groups is what stone scoring counts", "[envs][go][tax]") {
  Rng rng(11);
  int settled = 0;
  while (settled < 200) {
    Board board(7, 6);
    if (!settle_at_random(board, rng)) continue;
    ++settled;
    CAPTURE(test::diagram_of(board));
    CHECK(stones_after_filling(board, Color::kBlack) - stones_after_filling(board, Color::kWhite) ==
          area_score(board, Tax::kAll));
  }
}
