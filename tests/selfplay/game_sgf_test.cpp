#include "selfplay/game_sgf.hpp"

#include <catch2/catch.hpp>

#include "envs/go/sgf.hpp"
#include "envs/registry.hpp"

using namespace tengen;
using namespace tengen::selfplay;

TEST_CASE("A game of Go is written as SGF that reads back", "[selfplay][sgf]") {
  const auto game = envs::make_game("go:size=5,komi=3.5");
  const std::vector<envs::Action> actions = {12, 6, 25, 25};
  const envs::go::SgfGame sgf = envs::go::parse_sgf(game_to_sgf(
      *game, actions, {.black = "a]b", .white = "w", .result = -1, .resigned = true, .date = ""}));
  CHECK(sgf.width == 5);
  CHECK(sgf.komi == 3.5);
  CHECK(sgf.black_name == "a]b");
  CHECK(sgf.result == "W+R");
  REQUIRE(sgf.moves.size() == 4);
  CHECK(sgf.moves[1] == envs::go::SgfMove{1, 6});
  CHECK(sgf.moves[2].action == 25);
}

TEST_CASE("Other games are written in SGF syntax with their own moves", "[selfplay][sgf]") {
  const auto game = envs::make_game("tic_tac_toe");
  const std::vector<envs::Action> actions = {4, 0};
  const std::string sgf =
      game_to_sgf(*game, actions, {.black = "x", .white = "y", .result = 0, .date = ""});
  CHECK(sgf.find("GN[tic_tac_toe") != std::string::npos);
  CHECK(sgf.find("PB[x]PW[y]RE[0]") != std::string::npos);
  CHECK(sgf.find(";B[" + game->action_to_string(4) + "];W[" + game->action_to_string(0) + "])") !=
        std::string::npos);
}
