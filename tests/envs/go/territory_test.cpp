#include <catch2/catch.hpp>
#include <vector>

#include "engine/base/random.hpp"
#include "envs/go/go_state.hpp"
#include "envs/go/scoring.hpp"
#include "tests/support/go_diagram.hpp"
#include "tests/support/state_invariants.hpp"

using namespace tengen;
using namespace tengen::envs;
using namespace tengen::envs::go;
using test::play;
using test::set_up_diagram;

namespace {

/// Both sides live by two eyes and more; B1 is a dead white stone.
constexpr const char* kTwoEyes =
    ". X . X O . O ."
    "X X X X O O O O"
    ". O . X O . . .";
constexpr Rules kTerritoryRules{
    .width = 8, .height = 3, .komi_halves = 1, .scoring = Scoring::kTerritory, .tax = Tax::kSeki};

Life life_at(const GoState& state, const char* vertex) {
  return state.life()[state.game().parse_action(vertex).value()];
}

}  // namespace

TEST_CASE("Territory counts empty points and dead stones twice", "[envs][go][territory]") {
  const GoGame game(kTerritoryRules);
  GoState state(game);
  set_up_diagram(state, kTwoEyes);
  CHECK(life_at(state, "B1") == Life::kDead);
  CHECK(life_at(state, "B3") == Life::kAlive);
  CHECK(life_at(state, "A1") == Life::kEmpty);
  // Black: A3, C3, A1, B1, C1 and the stone; White: F3, H3, F1, G1, H1.
  CHECK(territory_score(state.board(), state.life(), Tax::kSeki) == 6 - 5);
  CHECK(state.score() == 0.5);
}

TEST_CASE("A captured stone is worth as much as a dead one", "[envs][go][territory]") {
  const GoGame game(kTerritoryRules);
  GoState state(game);
  set_up_diagram(state, kTwoEyes);
  play(state, {"A1", "H1", "C1"});  // White and Black lose a point each, Black another by capturing
  CHECK(state.prisoners(0) == 1);
  CHECK(state.board().color(state.board().point_of_cell(17)) == Color::kEmpty);
  CHECK(state.score() == 0.5 - 1 + 1 - 1);
}

TEST_CASE("Stones in seki surround no territory", "[envs][go][territory]") {
  const GoGame game(Rules{.width = 6, .height = 4, .komi_halves = 0});
  GoState state(game);
  set_up_diagram(state,
                 ". . O X X ."
                 "X O O X . X"
                 "X O O X X X"
                 "X O O X . X");
  std::vector<Life> life(24, Life::kAlive);
  CHECK(territory_score(state.board(), life, Tax::kSeki) == 3);
  for (const int cell : {3, 4, 5, 9, 10, 11, 15, 16, 17, 21, 22, 23}) life[cell] = Life::kSeki;
  CHECK(territory_score(state.board(), life, Tax::kSeki) == 0);
}

TEST_CASE("Territory and prisoners are area less the stones played", "[envs][go][territory]") {
  const GoGame game(Rules{.width = 5, .height = 5, .suicide = true, .max_plies = 120});
  Rng rng(4);
  const std::vector<Life> alive(25, Life::kAlive);
  for (int i = 0; i < 50; ++i) {
    GoState state(game);
    int placed[2] = {0, 0};
    while (!state.is_terminal()) {
      const std::vector<Action> legal = test::legal_actions_of(state);
      const Action action = legal[rng.below(static_cast<std::uint32_t>(legal.size()))];
      placed[state.current_player()] += action != game.pass_action();
      state.apply(action);
    }
    REQUIRE(territory_score(state.board(), alive, Tax::kNone) + state.prisoners(0) -
                state.prisoners(1) ==
            area_score(state.board()) - (placed[0] - placed[1]));
  }
}

TEST_CASE("The score of a settled position is that of the end it will have",
          "[envs][go][territory]") {
  const GoGame game(kTerritoryRules);
  GoState state(game);
  set_up_diagram(state, kTwoEyes);
  const std::vector<Life> life = state.life();
  const Board end = without_dead_stones(state.board(), life);
  for (const Tax tax : {Tax::kNone, Tax::kSeki, Tax::kAll})
    CHECK(territory_score_if(state.board(), end, tax) == territory_score(state.board(), life, tax));
}

TEST_CASE("Random games of territory rules count stones as nothing", "[envs][go][territory]") {
  // Black has filled all but two eyes of three quarters of the board: by area he wins by far.
  Rules rules{.width = 8, .height = 3, .komi_halves = 1};
  const char* filled =
      ". X X X X O . ."
      "X X X X X O O O"
      ". X X X X O . .";
  for (const Scoring scoring : {Scoring::kArea, Scoring::kTerritory}) {
    rules.scoring = scoring;
    rules.tax = usual_tax(scoring);
    const GoGame game(rules);
    GoState state(game);
    set_up_diagram(state, filled);
    const bool area = scoring == Scoring::kArea;
    CHECK(state.score() == (area ? 15 - 9 - 0.5 : 2 - 4 - 0.5));
    Rng rng(1);
    CHECK(state.random_playout(rng, 0) == (area ? 1 : -1));
  }
}

TEST_CASE("The button is half a point for who passes first", "[envs][go][territory]") {
  const GoGame game(Rules{.width = 3, .height = 3, .komi_halves = 18, .button = true});
  GoState state(game);
  play(state, {"B2"});
  const std::uint64_t key = state.key();
  play(state, {"pass"});
  CHECK(state.button_holder() == 1);
  CHECK(state.score() == -0.5);
  play(state, {"pass"});
  CHECK_FALSE(state.is_terminal());
  play(state, {"pass"});
  CHECK(state.is_terminal());
  CHECK(state.returns(1) == 1);
  for (int i = 0; i < 3; ++i) state.undo();
  CHECK(state.button_holder() == -1);
  CHECK(state.key() == key);
}
