#include "selfplay/game_record.hpp"

#include <catch2/catch.hpp>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "tests/support/random_games.hpp"

using namespace tengen;
using namespace tengen::selfplay;

TEST_CASE("A game record survives encoding and decoding", "[selfplay][record]") {
  const auto game = envs::make_game("connect_four");
  Rng rng(1);
  const GameRecord record = test::random_record(*game, 42, rng);
  REQUIRE(record.policy.size() > record.plies.size());
  CHECK(decode(encode(record)) == record);
}

TEST_CASE("A cut or padded game record is refused", "[selfplay][record]") {
  const auto game = envs::make_game("tic_tac_toe");
  Rng rng(2);
  const std::string bytes = encode(test::random_record(*game, 0, rng));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_THROWS_AS(decode(std::string_view(bytes).substr(0, size)), Error);
  CHECK_THROWS_AS(decode(bytes + '\0'), Error);
}

TEST_CASE("Moves survive being written as text", "[selfplay][record]") {
  const auto game = envs::make_game("tic_tac_toe");
  const std::vector<envs::Action> actions = {4, 0, 8};
  CHECK(parse_moves(*game, moves_text(*game, actions)) == actions);
  CHECK(parse_moves(*game, "").empty());
  CHECK_THROWS_AS(parse_moves(*game, "b2 nonsense"), Error);
}
