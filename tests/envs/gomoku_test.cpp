#include "envs/gomoku/gomoku.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "engine/base/random.hpp"
#include "envs/tic_tac_toe/tic_tac_toe.hpp"
#include "tests/support/perft.hpp"
#include "tests/support/playouts.hpp"

using namespace tengen;
using namespace tengen::envs;

namespace {

/// Player 0 plays `moves`, player 1 `others` in between; what player 0 then has.
float result_of(const GomokuGame& game, std::vector<const char*> moves,
                std::vector<const char*> others) {
  GomokuState state(game);
  for (std::size_t i = 0; i < moves.size(); ++i) {
    REQUIRE_FALSE(state.is_terminal());
    state.apply(game.parse_action(moves[i]).value());
    if (i < others.size()) state.apply(game.parse_action(others[i]).value());
  }
  return state.is_terminal() ? state.returns(0) : 0.0f;
}

/// Of the player to move, by full search.
float solve(State& state, std::map<std::uint64_t, float>& known) {
  if (state.is_terminal()) return state.returns(state.ply() % 2);
  if (const auto found = known.find(state.key()); found != known.end()) return found->second;
  std::vector<Action> actions;
  state.legal_actions(actions);
  float best = -1;
  for (const Action action : actions) {
    state.apply(action);
    best = std::max(best, -solve(state, known));
    state.undo();
    if (best == 1) break;
  }
  return known[state.key()] = best;
}

float solve(const GomokuRules& rules) {
  const GomokuGame game(rules);
  GomokuState state(game);
  std::map<std::uint64_t, float> known;
  return solve(state, known);
}

}  // namespace

TEST_CASE("Three in a row on 3x3 is tic-tac-toe", "[envs][gomoku]") {
  const GomokuGame game({.size = 3, .line = 3});
  const TicTacToeGame tic_tac_toe;
  Rng rng(2);
  for (int i = 0; i < 300; ++i) {
    GomokuState state(game);
    TicTacToeState other(tic_tac_toe);
    std::vector<Action> actions, others;
    while (!other.is_terminal()) {
      REQUIRE_FALSE(state.is_terminal());
      state.legal_actions(actions);
      other.legal_actions(others);
      REQUIRE(actions == others);
      const Action action = actions[rng.below(static_cast<std::uint32_t>(actions.size()))];
      state.apply(action);
      other.apply(action);
    }
    REQUIRE(state.is_terminal());
    REQUIRE(state.returns(0) == other.returns(0));
  }
  GomokuState start(game);
  CHECK(test::perft(start, 9) == 127872);  // the games of tic-tac-toe that fill the board
}

TEST_CASE("Small boards have the known values", "[envs][gomoku]") {
  CHECK(solve({.size = 3, .line = 3}) == 0);
  CHECK(solve({.size = 4, .line = 3}) == 1);
}

TEST_CASE("Gomoku sees five in a row in every direction", "[envs][gomoku]") {
  const GomokuGame game({});
  const std::vector<const char*> others = {"A1", "C1", "E1", "G1"};
  CHECK(result_of(game, {"H8", "H9", "H10", "H11", "H12"}, others) == 1.0f);
  CHECK(result_of(game, {"K8", "L8", "M8", "N8", "J8"}, others) == 1.0f);  // completed last
  CHECK(result_of(game, {"B3", "C4", "F7", "D5", "E6"}, others) == 1.0f);  // rising, the gap last
  CHECK(result_of(game, {"B7", "C6", "D5", "E4", "F3"}, others) == 1.0f);  // falling
  CHECK(result_of(game, {"H8", "H9", "H10", "H11", "H13"}, others) == 0.0f);
  CHECK(result_of(game, {"A9", "A10", "A11", "C3", "C5"}, {"L15", "M15", "N15", "O15"}) ==
        0.0f);  // no row over the edge
}

TEST_CASE("More than five in a row win in freestyle gomoku alone", "[envs][gomoku]") {
  const std::vector<const char*> six = {"C3", "D3", "E3", "G3", "H3", "F3"};
  const std::vector<const char*> others = {"A1", "C1", "E1", "G1", "J1"};
  CHECK(result_of(GomokuGame({}), six, others) == 1.0f);
  CHECK(result_of(GomokuGame({.exact = true}), six, others) == 0.0f);
  CHECK(result_of(GomokuGame({.exact = true}), {"C3", "D3", "E3", "G3", "F3"},
                  {"A1", "C1", "E1", "G1"}) == 1.0f);
}

TEST_CASE("Gomoku draws its board as GTP has it", "[envs][gomoku]") {
  const GomokuGame game({.size = 10});
  GomokuState state(game);
  for (const char* cell : {"A1", "j10", "K9"}) state.apply(game.parse_action(cell).value());
  CHECK(state.to_string() ==
        "10 . . . . . . . . O .\n"
        " 9 . . . . . . . . . X\n"
        " 8 . . . . . . . . . .\n"
        " 7 . . . . . . . . . .\n"
        " 6 . . . . . . . . . .\n"
        " 5 . . . . . . . . . .\n"
        " 4 . . . . . . . . . .\n"
        " 3 . . . . . . . . . .\n"
        " 2 . . . . . . . . . .\n"
        " 1 X . . . . . . . . .\n"
        "   A B C D E F G H J K\n");
}

TEST_CASE("Random games of Gomoku end as often each way as through the State interface",
          "[envs][gomoku][playout]") {
  const GomokuGame game({.size = 6, .line = 4});
  GomokuState state(game);
  state.apply(14);
  test::check_playouts_agree(state, 5, 1.0);  // a game's length deviates by 8 or so
}

TEST_CASE("Gomoku refuses boards and rows out of range", "[envs][gomoku]") {
  CHECK_THROWS_WITH(GomokuGame({.size = 20}), Catch::Contains("3 to 19"));
  CHECK_THROWS_WITH(GomokuGame({.size = 5, .line = 6}), Catch::Contains("line 3 to size"));
}
