#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "engine/base/random.hpp"
#include "envs/benchmark.hpp"
#include "envs/connect_four/connect_four.hpp"
#include "envs/registry.hpp"
#include "envs/tic_tac_toe/tic_tac_toe.hpp"
#include "tests/support/perft.hpp"
#include "tests/support/playouts.hpp"

using namespace tengen;
using namespace tengen::envs;

namespace {

struct GameCounts {
  std::uint64_t games = 0, first = 0, second = 0, draws = 0;
  std::set<std::uint64_t> states;
};

void count_games(State& state, GameCounts& counts) {
  counts.states.insert(state.key());
  if (state.is_terminal()) {
    ++counts.games;
    ++(state.returns(0) > 0 ? counts.first : state.returns(0) < 0 ? counts.second : counts.draws);
    return;
  }
  std::vector<Action> actions;
  state.legal_actions(actions);
  for (const Action action : actions) {
    state.apply(action);
    count_games(state, counts);
    state.undo();
  }
}

void play_columns(State& state, const char* columns) {
  for (; *columns; ++columns) {
    REQUIRE(state.is_legal(*columns - '1'));
    state.apply(*columns - '1');
  }
}

/// Adds to `outcomes`, by result + 1 for player 0, the probabilities of uniformly random play.
void add_outcomes(State& state, double probability, std::array<double, 3>& outcomes) {
  if (state.is_terminal()) {
    outcomes[static_cast<int>(state.returns(0)) + 1] += probability;
    return;
  }
  std::vector<Action> actions;
  state.legal_actions(actions);
  for (const Action action : actions) {
    state.apply(action);
    add_outcomes(state, probability / static_cast<double>(actions.size()), outcomes);
    state.undo();
  }
}

}  // namespace

TEST_CASE("Connect Four has the known numbers of move sequences", "[envs][connect_four]") {
  const ConnectFourGame game;
  ConnectFourState state(game);
  const std::uint64_t known[] = {1, 7, 49, 343, 2401, 16807, 117649, 823536};
  for (int depth = 0; depth < 8; ++depth) CHECK(test::perft(state, depth) == known[depth]);
}

TEST_CASE("Tic-tac-toe has 255168 games and 5478 states", "[envs][tic_tac_toe]") {
  const TicTacToeGame game;
  TicTacToeState state(game);
  GameCounts counts;
  count_games(state, counts);
  CHECK(counts.games == 255168);
  CHECK(counts.first == 131184);
  CHECK(counts.second == 77904);
  CHECK(counts.draws == 46080);
  CHECK(counts.states.size() == 5478);
}

TEST_CASE("Connect Four sees four in a row in every direction", "[envs][connect_four]") {
  const ConnectFourGame game;
  const auto wins = [&](const char* columns) {
    ConnectFourState state(game);
    play_columns(state, columns);
    return state.is_terminal() ? state.returns(0) : 0.0f;
  };
  CHECK(wins("1212121") == 1.0f);      // a column
  CHECK(wins("1122334") == 1.0f);      // a row
  CHECK(wins("71122334") == -1.0f);    // the second player's row
  CHECK(wins("112233") == 0.0f);       // three are not enough
  CHECK(wins("12233434474") == 1.0f);  // rising
  CHECK(wins("76655454414") == 1.0f);  // falling
  CHECK(wins("51212121") == -1.0f);    // the second player's column
}

TEST_CASE("Connect Four does not join columns over the top edge", "[envs][connect_four]") {
  const ConnectFourGame game;
  ConnectFourState state(game);
  // Player 0 holds the top three of column 1 and the bottom of column 2: no line.
  play_columns(state, "3131131121");
  CHECK_FALSE(state.is_terminal());
}

TEST_CASE("A full Connect Four board without a line is a draw", "[envs][connect_four]") {
  const ConnectFourGame game(4, 4);
  ConnectFourState state(game);
  play_columns(state, "1212212134344343");
  CHECK(state.is_terminal());
  CHECK(state.returns(0) == 0.0f);
  CHECK(state.returns(1) == 0.0f);
}

TEST_CASE("Connect Four draws its board with the first row below", "[envs][connect_four]") {
  const ConnectFourGame game(5, 4);
  ConnectFourState state(game);
  play_columns(state, "3325");
  CHECK(state.to_string() ==
        ". . . . .\n"
        ". . . . .\n"
        ". . O . .\n"
        ". X X . O\n"
        "1 2 3 4 5\n");
}

TEST_CASE("Tic-tac-toe draws its board and reads its cells", "[envs][tic_tac_toe]") {
  const TicTacToeGame game;
  TicTacToeState state(game);
  for (const char* cell : {"b2", "A3", "c1"}) state.apply(game.parse_action(cell).value());
  CHECK(state.to_string() == "3 O . .\n2 . X .\n1 . . X\n  a b c\n");
  CHECK(game.action_to_string(0) == "a3");
  CHECK_FALSE(game.parse_action("d1").has_value());
}

TEST_CASE("Random playouts agree with random games through the State interface",
          "[envs][playout]") {
  // The mean result of the fast playout and of the default one estimate the same number; 4000 games
  // each put their difference within 5 standard errors (at most 0.112).
  for (const char* spec : {"tic_tac_toe", "connect_four"}) {
    const auto game = make_game(spec);
    const auto state = game->new_initial_state();
    Rng rng(5);
    double fast = 0, slow = 0;
    for (int i = 0; i < 4000; ++i) {
      fast += state->random_playout(rng, 0);
      slow += state->State::random_playout(rng, 0);
    }
    CHECK(std::abs(fast - slow) / 4000 < 0.112);
    CHECK(fast > 0);
  }
}

TEST_CASE("Tic-tac-toe playouts end as often each way as exact enumeration says",
          "[envs][tic_tac_toe][playout]") {
  // 40000 games: each share is within 5 standard deviations (at most 0.0125) of its probability.
  const TicTacToeGame game;
  TicTacToeState state(game);
  state.apply(1);
  std::array<double, 3> expected{}, drawn{};  // by result + 1 for player 0
  add_outcomes(state, 1.0, expected);
  Rng rng(6);
  for (int i = 0; i < 40000; ++i)
    drawn[static_cast<int>(state.random_playout(rng, 0)) + 1] += 1.0 / 40000;
  for (int result = 0; result < 3; ++result)
    CHECK(std::abs(drawn[result] - expected[result]) < 0.0125);
}

TEST_CASE("Connect Four playouts agree with default ones on every height",
          "[envs][connect_four][playout]") {
  for (const int height : {4, 5, 6, 7}) {
    const ConnectFourGame game(11 - height, height);
    ConnectFourState state(game);
    play_columns(state, "111");  // a column that fills up early
    // A game's length deviates by 8 or so.
    test::check_playouts_agree(state, static_cast<std::uint64_t>(height), 1.0);
  }
}

TEST_CASE("The benchmark times every call of a search", "[envs][benchmark]") {
  Rng rng(4);
  const CallCosts costs = measure_calls(*make_game("go:size=5"), 0.001, rng);
  CHECK(costs.legal_actions > 0);
  CHECK(costs.apply >= 0);
  CHECK(costs.copy_from > 0);
  CHECK(costs.write_observation > 0);
  CHECK(costs.key > 0);
}

TEST_CASE("The benchmark counts whole games and their plies", "[envs][benchmark]") {
  Rng rng(3);
  const BoardBenchmark result = measure_random_games(*make_game("tic_tac_toe"), 0.001, rng);
  CHECK(result.games > 0);
  CHECK(result.plies >= 5 * result.games);
  CHECK(result.plies <= 9 * result.games);
  CHECK(result.seconds >= 0.001);
}
