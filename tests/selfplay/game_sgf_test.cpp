#include "selfplay/game_sgf.hpp"

#include <catch2/catch.hpp>

#include "envs/go/go_game.hpp"
#include "envs/go/rule_names.hpp"
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

TEST_CASE("A game of Go names the rules that it was played by", "[selfplay][sgf]") {
  using namespace envs::go;
  const auto game = envs::make_game(GENERATE("go:size=5", "go:size=5,scoring=territory,ko=simple",
                                             "go:size=5,suicide=true,button=true",
                                             "go:size=5,tax=all,ko=simple"));
  const SgfGame sgf = parse_sgf(game_to_sgf(*game, {}, {}));
  const Rules& rules = as_go(*game)->rules();
  const Rules present{
      .width = 5, .height = 5, .komi_halves = rules.komi_halves, .max_plies = rules.max_plies};
  CHECK(rules_from_text({present}, sgf.rules).rules.spec() == rules.spec());
}

TEST_CASE("A game of Go that was scored is written with its score", "[selfplay][sgf]") {
  const auto game = envs::make_game("go:size=5,komi=3.5");
  const auto result = [&](const std::vector<envs::Action>& actions, float winner) {
    SgfInfo info;
    info.result = winner;
    return envs::go::parse_sgf(game_to_sgf(*game, actions, info)).result;
  };
  CHECK(result({12, 25, 25}, 1) == "B+21.5");  // one stone holds all 25 points
  CHECK(result({25, 25}, -1) == "W+3.5");
  CHECK(result({12, 25, 25}, -1) == "W+");  // decided by something else: time, an illegal move
  CHECK(result({12, 25}, 1) == "B+");
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
