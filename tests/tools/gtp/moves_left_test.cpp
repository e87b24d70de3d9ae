#include "tools/gtp/moves_left.hpp"

#include <catch2/catch.hpp>

#include "envs/registry.hpp"
#include "tools/gtp/game_record.hpp"

using namespace tengen;

namespace {

/// After `plies` passes, or first moves where there is no pass.
int moves_left(const char* spec, int plies) {
  const auto game = envs::make_game(spec);
  gtp::GameRecord record(game, game->new_initial_state());
  std::vector<envs::Action> actions;
  for (int i = 0; i < plies; ++i) {
    record.state().legal_actions(actions);
    REQUIRE(record.play(i % 2, actions.front()));
  }
  return gtp::expected_moves_left(record.state());
}

}  // namespace

TEST_CASE("A long game of Go never comes to its last move", "[tools][gtp][clock]") {
  CHECK(moves_left("go:size=9", 0) == 28);
  CHECK(moves_left("go:size=9", 20) == 18);
  CHECK(moves_left("go:size=9", 60) == 16);
  CHECK(moves_left("go:size=5,max_plies=40", 39) == 9);
  CHECK(moves_left("go:size=5,max_plies=40", 60) == 9);  // played on beyond the limit
}

TEST_CASE("A board that fills up ends the game", "[tools][gtp][clock]") {
  CHECK(moves_left("connect_four:width=4,height=4", 0) == 8);
  CHECK(moves_left("tic_tac_toe", 0) == 5);
  CHECK(moves_left("tic_tac_toe", 4) == 3);
}
