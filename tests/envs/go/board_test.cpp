#include "envs/go/board.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/base/random.hpp"
#include "envs/go/go_state.hpp"
#include "tests/support/go_diagram.hpp"

using namespace tengen;
using namespace tengen::envs;
using namespace tengen::envs::go;
using test::is_legal;
using test::play;
using test::set_up_diagram;

namespace {

GoGame game_of(int width, int height, bool suicide = false) {
  return GoGame(Rules{.width = width, .height = height, .suicide = suicide, .max_plies = 500});
}

/// Positions in which every chain has a liberty, by setting up every colouring.
int count_legal_positions(int width, int height) {
  Board board(width, height);
  std::vector<Color> colors(static_cast<std::size_t>(board.area()), Color::kEmpty);
  int legal = 0;
  for (;;) {
    legal += board.set_stones(colors);
    std::size_t i = 0;  // the next colouring, counting in base 3
    while (i < colors.size() && colors[i] == Color::kWhite) colors[i++] = Color::kEmpty;
    if (i == colors.size()) return legal;
    colors[i] = static_cast<Color>(static_cast<int>(colors[i]) + 1);
  }
}

// 4x4 boards as 16-bit masks, bit row * 4 + column.
unsigned spread(unsigned mask) {
  return (mask | mask << 4 | mask >> 4 | (mask & 0x7777u) << 1 | (mask & 0xeeeeu) >> 1) & 0xffffu;
}

bool all_breathe(unsigned stones, unsigned empty) {
  unsigned alive = stones & spread(empty);
  for (;;) {
    const unsigned more = stones & spread(alive);
    if ((more | alive) == alive) return alive == stones;
    alive |= more;
  }
}

void play_random_action(GoState& state, Rng& rng) {
  std::vector<Action> actions;
  state.legal_actions(actions);
  state.apply(actions[rng.below(static_cast<std::uint32_t>(actions.size()))]);
  if (state.is_terminal()) state.set_to_move(rng.below(2));
}

Color color_at(const Board& board, int row, int column) {
  const bool inside = row >= 0 && row < board.height() && column >= 0 && column < board.width();
  return inside ? board.color(board.point(row, column)) : Color::kBorder;
}

void check_surroundings(const Board& board, int cell) {
  const int row = cell / board.width(), column = cell % board.width();
  const Color beside[] = {color_at(board, row - 1, column), color_at(board, row, column - 1),
                          color_at(board, row, column + 1), color_at(board, row + 1, column)};
  const Color diagonal[] = {
      color_at(board, row - 1, column - 1), color_at(board, row - 1, column + 1),
      color_at(board, row + 1, column - 1), color_at(board, row + 1, column + 1)};
  const Surroundings around = board.surroundings(board.point_of_cell(cell));
  unsigned taken = 0;
  for (int d = 0; d < 4; ++d) taken |= static_cast<unsigned>(beside[d] != Color::kEmpty) << d;
  REQUIRE(around.taken() == taken);
  REQUIRE(around.empty_neighbours() == std::count(beside, beside + 4, Color::kEmpty));
  REQUIRE(around.is_enclosed() == (taken == 15));
  for (const Color color : {Color::kBlack, Color::kWhite}) {
    unsigned stones = 0;
    for (int d = 0; d < 4; ++d) stones |= static_cast<unsigned>(beside[d] == color) << d;
    REQUIRE(around.stones(color) == stones);
    const bool own =
        std::all_of(beside, beside + 4, [&](Color c) { return c == color || c == Color::kBorder; });
    const auto hostile = std::count(diagonal, diagonal + 4, opponent(color));
    const bool edge = std::count(diagonal, diagonal + 4, Color::kBorder) > 0;
    REQUIRE(around.is_simple_eye(color) == (own && hostile <= (edge ? 0 : 1)));
  }
}

}  // namespace

TEST_CASE("Go boards have the known numbers of legal positions", "[envs][go]") {
  CHECK(count_legal_positions(1, 1) == 1);
  CHECK(count_legal_positions(1, 2) == 5);
  CHECK(count_legal_positions(2, 2) == 57);
  CHECK(count_legal_positions(2, 3) == 489);
  CHECK(count_legal_positions(3, 3) == 12675);
}

TEST_CASE("The 4x4 board has 24318165 legal positions", "[envs][go][slow]") {
  int legal = 0;
  for (unsigned black = 0; black < 0x10000u; ++black) {
    const unsigned rest = 0xffffu & ~black;
    for (unsigned white = rest;; white = (white - 1) & rest) {
      const unsigned empty = rest & ~white;
      legal += all_breathe(black, empty) && all_breathe(white, empty);
      if (white == 0) break;
    }
  }
  CHECK(legal == 24318165);
}

TEST_CASE("The board and the bit masks agree on random 4x4 positions", "[envs][go]") {
  Rng rng(4);
  Board board(4, 4);
  int legal = 0;
  for (int i = 0; i < 20000; ++i) {
    std::vector<Color> colors(16);
    unsigned masks[3] = {};
    for (int cell = 0; cell < 16; ++cell) {
      const unsigned color = rng.below(3);
      colors[cell] = static_cast<Color>(color);
      masks[color] |= 1u << cell;
    }
    const bool expected = all_breathe(masks[1], masks[0]) && all_breathe(masks[2], masks[0]);
    REQUIRE(board.set_stones(colors) == expected);
    legal += expected;
  }
  CHECK(legal > 1000);
}

TEST_CASE("A surrounded chain is captured and its points are empty again", "[envs][go]") {
  const GoGame game = game_of(5, 4);
  GoState state(game);
  set_up_diagram(state,
                 ". X X . ."
                 "X O O . ."
                 ". X X . ."
                 ". . . . .");
  CHECK(state.board().count_liberties(state.board().point(1, 1)) == 1);
  play(state, {"D3"});
  CHECK(test::diagram_of(state.board()) == ".XX..\nX..X.\n.XX..\n.....\n");
  CHECK(state.prisoners(0) == 2);
  CHECK(state.prisoners(1) == 0);
}

TEST_CASE("Snapback recaptures more than was taken", "[envs][go]") {
  const GoGame game = game_of(5, 4);
  GoState state(game);
  // White takes the stone at B1 with A1; Black takes the whole chain back there.
  set_up_diagram(state,
                 ". . . . ."
                 "X X X . ."
                 "O O O X ."
                 ". X O X .");
  play(state, {"E4", "A1"});
  CHECK(state.prisoners(1) == 1);
  CHECK(is_legal(state, "B1"));
  play(state, {"B1"});
  CHECK(state.prisoners(0) == 5);
}

TEST_CASE("Suicide is illegal unless the rules allow it", "[envs][go]") {
  const char* diagram =
      ". X . ."
      "X X . ."
      ". . . ."
      ". . . .";
  for (const bool suicide : {false, true}) {
    const GoGame game = game_of(4, 4, suicide);
    GoState state(game);
    set_up_diagram(state, diagram, 1);
    CHECK_FALSE(is_legal(state, "A4"));  // alone it would repeat the position
    set_up_diagram(state,
                   "O . X ."
                   "X X X ."
                   ". . . ."
                   ". . . .",
                   1);
    CHECK(is_legal(state, "B4") == suicide);
    if (!suicide) continue;
    play(state, {"B4"});
    CHECK(test::diagram_of(state.board()) == "..X.\nXXX.\n....\n....\n");
    CHECK(state.prisoners(0) == 2);
  }
}

TEST_CASE("A move that captures is not suicide", "[envs][go]") {
  const GoGame game = game_of(4, 4);
  GoState state(game);
  set_up_diagram(state,
                 ". X O ."
                 "X O O ."
                 "O . . ."
                 ". . . .",
                 1);
  CHECK(is_legal(state, "A4"));
  play(state, {"A4"});
  CHECK(test::diagram_of(state.board()) == "O.O.\n.OO.\nO...\n....\n");
}

TEST_CASE("Simple eyes are told from false ones", "[envs][go]") {
  const GoGame game = game_of(5, 5);
  GoState state(game);
  set_up_diagram(state,
                 ". X . X ."
                 "X X X . O"
                 ". X O . ."
                 "X . X . ."
                 ". X O . .");
  const Board& board = state.board();
  CHECK(board.is_simple_eye(board.point(0, 0), Color::kBlack));
  CHECK(board.is_simple_eye(board.point(0, 2), Color::kBlack));
  CHECK_FALSE(board.is_simple_eye(board.point(0, 0), Color::kWhite));
  CHECK(board.is_simple_eye(board.point(2, 0), Color::kBlack));
  CHECK_FALSE(board.is_simple_eye(board.point(1, 3), Color::kBlack));  // a white neighbour
  CHECK_FALSE(board.is_simple_eye(board.point(3, 1), Color::kBlack));  // two white diagonals
  CHECK_FALSE(board.is_simple_eye(board.point(4, 4), Color::kBlack));
}

TEST_CASE("Surroundings agree with a look at the board", "[envs][go]") {
  const GoGame game = game_of(5, 4, true);
  Rng rng(21);
  for (int i = 0; i < 20; ++i) {
    GoState state(game);
    for (int ply = 0; ply < 100; ++ply) {
      play_random_action(state, rng);
      for (int cell = 0; cell < 20; ++cell) check_surroundings(state.board(), cell);
    }
  }
}

TEST_CASE("The hash after a move is foretold", "[envs][go]") {
  const GoGame game = game_of(4, 5, true);
  Rng rng(22);
  for (int i = 0; i < 30; ++i) {
    GoState state(game);
    for (int ply = 0; ply < 100; ++ply) {
      play_random_action(state, rng);
      for (const Point p : state.board().empty_points()) {
        Board after = state.board();
        after.play(p, state.color_to_move());
        REQUIRE(state.board().hash_after(p, state.color_to_move()) == after.hash());
      }
    }
  }
}

TEST_CASE("Cells and points convert both ways on every board", "[envs][go]") {
  for (int width = 1; width <= kMaxSide; ++width)
    for (int height = 1; height <= kMaxSide; ++height) {
      const Board board(width, height);
      for (int cell = 0; cell < board.area(); ++cell) {
        const Point p = board.point_of_cell(cell);
        if (p != board.point(cell / width, cell % width) || board.cell_of_point(p) != cell)
          FAIL("cell " << cell << " of " << width << " x " << height);
      }
    }
}

TEST_CASE("The board draws itself with star points and the last move", "[envs][go]") {
  const GoGame game = game_of(7, 7);
  GoState state(game);
  play(state, {"A7", "G1", "D4"});
  CHECK(state.board().to_string(state.board().point(3, 3)) ==
        "    A B C D E F G\n"
        "  7 X . . . . . . 7\n"
        "  6 . . . . . . . 6\n"
        "  5 . . + . + . . 5\n"
        "  4 . . .(X). . . 4\n"
        "  3 . . + . + . . 3\n"
        "  2 . . . . . . . 2\n"
        "  1 . . . . . . O 1\n"
        "    A B C D E F G\n");
}

TEST_CASE("Boards outside 1 to 25 are refused", "[envs][go]") {
  CHECK_THROWS_AS(Board(0, 5), std::invalid_argument);
  CHECK_THROWS_AS(Board(5, 26), std::invalid_argument);
  CHECK_NOTHROW(Board(25, 25));
}
