#include "envs/othello/othello.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/base/random.hpp"
#include "tests/support/go_diagram.hpp"
#include "tests/support/perft.hpp"
#include "tests/support/playouts.hpp"

using namespace tengen;
using namespace tengen::envs;

namespace {

/// The board as text, row by row from the top, without the names of rows and columns.
std::string cells_of(const State& state) {
  std::string cells;
  for (const char c : state.to_string())
    if (c == 'X' || c == 'O' || c == '.') cells += c;
  return cells;
}

/// The rules cell by cell.
struct SlowOthello {
  explicit SlowOthello(int size_in)
      : size(size_in), cells(cells_of(OthelloState(OthelloGame(size)))) {}

  /// The opponent's discs that a disc of `player` on `cell` encloses.
  std::vector<int> enclosed(int player, int cell) const {
    std::vector<int> all;
    for (int down = -1; down <= 1; ++down)
      for (int right = -1; right <= 1; ++right) {
        std::vector<int> line;
        int row = cell / size + down, column = cell % size + right;
        for (; row >= 0 && row < size && column >= 0 && column < size;
             row += down, column += right) {
          const char here = cells[row * size + column];
          if (here == "XO"[player]) all.insert(all.end(), line.begin(), line.end());
          if (here != "OX"[player]) break;
          line.push_back(row * size + column);
        }
      }
    return all;
  }

  std::vector<Action> legal(int player) const {
    std::vector<Action> actions;
    for (int cell = 0; cell < size * size; ++cell)
      if (cells[cell] == '.' && !enclosed(player, cell).empty()) actions.push_back(cell);
    if (actions.empty()) actions.push_back(size * size);
    return actions;
  }

  void play(int player, Action action) {
    if (action == size * size) return;
    for (const int cell : enclosed(player, action)) cells[cell] = "XO"[player];
    cells[action] = "XO"[player];
  }

  int size;
  std::string cells;
};

/// Discs of the player to move less the other's at the end of perfect play (alpha-beta).
int solve(OthelloState& state, int alpha, int beta) {
  if (state.is_terminal()) {
    const int lead = state.discs(0) - state.discs(1);
    return state.ply() % 2 == 0 ? lead : -lead;
  }
  std::vector<Action> actions;
  state.legal_actions(actions);
  for (const Action action : actions) {
    state.apply(action);
    alpha = std::max(alpha, -solve(state, -beta, -alpha));
    state.undo();
    if (alpha >= beta) break;
  }
  return alpha;
}

}  // namespace

TEST_CASE("Othello has the published numbers of move sequences", "[envs][othello]") {
  const OthelloGame game;
  OthelloState state(game);
  const std::uint64_t known[] = {1, 4, 12, 56, 244, 1396, 8200, 55092, 390216};
  for (int depth = 0; depth <= 8; ++depth) CHECK(test::perft(state, depth) == known[depth]);
}

TEST_CASE("Othello on 4x4 is lost for the first player by 3 to 11", "[envs][othello]") {
  const OthelloGame game(4);
  OthelloState state(game);
  CHECK(solve(state, -16, 16) == -8);
}

TEST_CASE("Othello reads and draws its board as transcripts have it", "[envs][othello]") {
  const OthelloGame game;
  OthelloState state(game);
  std::vector<Action> actions;
  state.legal_actions(actions);
  std::vector<std::string> names;
  for (const Action action : actions) names.push_back(game.action_to_string(action));
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"c4", "d3", "e6", "f5"});
  test::play(state, {"f5", "D6"});
  CHECK(state.to_string() ==
        "8 . . . . . . . .\n"
        "7 . . . . . . . .\n"
        "6 . . . O . . . .\n"
        "5 . . . O X X . .\n"
        "4 . . . O X . . .\n"
        "3 . . . . . . . .\n"
        "2 . . . . . . . .\n"
        "1 . . . . . . . .\n"
        "  a b c d e f g h\n");
  CHECK(state.discs(0) == 3);
  CHECK(state.discs(1) == 3);
}

TEST_CASE("Othello ends when neither player can move", "[envs][othello]") {
  // The shortest game: Black wipes White out at the ninth move.
  const OthelloGame game;
  OthelloState state(game);
  test::play(state, {"e6", "f4", "e3", "f6", "g5", "d6", "e7", "f5", "c5"});
  CHECK(state.is_terminal());
  CHECK(state.discs(0) == 13);
  CHECK(state.discs(1) == 0);
  CHECK(state.returns(0) == 1.0f);
}

TEST_CASE("Othello follows a plain reading of its rules in random games", "[envs][othello]") {
  const int size = GENERATE(4, 6, 8);
  const OthelloGame game(size);
  Rng rng(1);
  int passes = 0;
  for (int i = 0; i < 100; ++i) {
    OthelloState state(game);
    SlowOthello slow(size);
    std::vector<Action> actions;
    while (!state.is_terminal()) {
      state.legal_actions(actions);
      REQUIRE(actions == slow.legal(state.current_player()));
      const Action action = actions[rng.below(static_cast<std::uint32_t>(actions.size()))];
      passes += action == game.pass_action();
      slow.play(state.current_player(), action);
      state.apply(action);
      REQUIRE(cells_of(state) == slow.cells);
    }
    const std::vector<Action> only_pass = {game.pass_action()};
    REQUIRE((slow.legal(0) == only_pass && slow.legal(1) == only_pass));
  }
  CHECK(passes > 5);
}

TEST_CASE("A disc of Othello turns lines in all eight directions at once", "[envs][othello]") {
  // Player 0 around the edge of the 5x5 square about d4, player 1 between: d4 turns all eight.
  const OthelloGame game;
  std::uint64_t mover = 0, other = 0;
  const int centre = game.parse_action("d4").value();
  for (const int step : {-9, -8, -7, -1, 1, 7, 8, 9}) {
    mover |= std::uint64_t{1} << (centre + 2 * step);
    other |= std::uint64_t{1} << (centre + step);
  }
  CHECK(game.moves(mover, other) >> centre & 1);
  CHECK(game.turned(mover, other, std::uint64_t{1} << centre) == other);
}

TEST_CASE("No line of Othello goes on over the edge of the board", "[envs][othello]") {
  const OthelloGame game;
  const auto bit = [&](const char* cell) {
    return std::uint64_t{1} << game.parse_action(cell).value();
  };
  // g5 h5 | a4: neighbours in the order of cells, not on the board.
  CHECK((game.moves(bit("g5"), bit("h5")) & bit("a4")) == 0);
  CHECK(game.turned(bit("b4"), bit("a4"), bit("h5")) == 0);
}

TEST_CASE("Random games of Othello end as often each way as through the State interface",
          "[envs][othello][playout]") {
  const OthelloGame game;
  OthelloState state(game);
  test::play(state, {"f5", "d6", "c3"});
  test::check_playouts_agree(state, 5, 0.5);
}
