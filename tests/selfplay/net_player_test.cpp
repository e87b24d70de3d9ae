#include "selfplay/players/net_player.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "nets/checkpoint.hpp"
#include "selfplay/run_directory.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tiny_nets.hpp"

using namespace tengen;
using namespace tengen::selfplay;

TEST_CASE("A net player plays legal moves from a file", "[selfplay][player]") {
  const test::TempDir dir;
  const auto game = envs::make_game("connect_four");
  const std::string path = (dir / "n.safetensors").string();
  nets::save_net(path, *test::tiny_net(*game), {{"game", game->spec()}});
  CHECK(game_of_net(path) == game->spec());
  const std::string threads = GENERATE("", ",threads=2", ",threads=3,deterministic=1");
  const auto player = make_player("net:" + path + ",sims=10,batch=2" + threads, game, 1);
  const auto state = game->new_initial_state();
  player->new_game(*state);
  Rng rng(1);
  while (!state->is_terminal()) {
    const auto action = player->select_action(*state, rng);
    REQUIRE(action);
    REQUIRE(state->is_legal(*action));
    state->apply(*action);
    player->observe(*action);
  }
}

TEST_CASE("The path of a net may have commas and equals signs", "[selfplay][player]") {
  using Parts = std::pair<std::string, std::string>;
  CHECK(split_net_description("net:a/b") == Parts{"a/b", "net"});
  CHECK(split_net_description("net:a,sims=4,temp=1") == Parts{"a", "net:sims=4,temp=1"});
  CHECK(split_net_description("net:a,b,sims=4") == Parts{"a,b", "net:sims=4"});
  CHECK(split_net_description("net:runs/lr=0.1,2,c_visit=4") ==
        Parts{"runs/lr=0.1,2", "net:c_visit=4"});
  CHECK_THROWS_WITH(split_net_description("net:"), Catch::Contains("FILE_OR_RUN_DIRECTORY"));
  CHECK_THROWS_WITH(split_net_description("net:sims=4"), Catch::Contains("FILE_OR_RUN_DIRECTORY"));
}

TEST_CASE("A run directory plays its best checkpoint", "[selfplay][player]") {
  const test::TempDir dir;
  RunDirectory run = RunDirectory::create(dir / "run", {});
  CHECK_THROWS_WITH(resolve_net_path(dir / "run"), Catch::Contains("no checkpoint"));
  for (int number : {0, 1, 2}) {
    IterationRecord record;
    record.iteration = number;
    if (number == 1) record.state.emplace("best_checkpoint", std::to_string(number));
    run.add_iteration(record, [](const std::filesystem::path& aside) {
      std::ofstream(aside / "net.safetensors") << "x";
    });
  }
  CHECK(resolve_net_path(dir / "run") == run.net_path(1));
  CHECK(resolve_net_path(run.checkpoint_path(2)) == run.net_path(2));
  CHECK(resolve_net_path(run.net_path(0)) == run.net_path(0));
}

TEST_CASE("Net files that do not fit are refused", "[selfplay][player]") {
  const test::TempDir dir;
  const auto game = envs::make_game("connect_four");
  const std::string path = (dir / "n.safetensors").string();
  nets::save_net(path, *test::tiny_net(*envs::make_game("tic_tac_toe")),
                 {{"game", envs::make_game("tic_tac_toe")->spec()}});
  CHECK_THROWS_WITH(make_player("net:" + path, game, 1), Catch::Contains("trained for"));
  nets::save_net(path, *test::tiny_net(*envs::make_game("tic_tac_toe")));
  CHECK_THROWS_AS(make_player("net:" + path, game, 1), Error);
  CHECK_THROWS_WITH(make_player("net:/nowhere/net", game, 1), Catch::Contains("/nowhere/net"));
  std::ofstream(dir / "text") << "not a net";
  CHECK_THROWS_AS(make_player("net:" + (dir / "text").string(), game, 1), Error);
  CHECK_THROWS_AS(make_player("net:" + path + ",simulations=3", game, 1), std::invalid_argument);
}

TEST_CASE("A net of Go plays under other rules of its board but not with other features",
          "[selfplay][player]") {
  const test::TempDir dir;
  const std::string path = (dir / "n.safetensors").string();
  const auto trained = envs::make_game("go:size=5");
  nets::save_net(path, *test::tiny_net(*trained), {{"game", trained->spec()}});
  for (const char* spec : {"go:size=5,ko=simple,suicide=true", "go:size=5,komi=7,button=true",
                           "go:size=5,scoring=territory,max_plies=40"})
    CHECK_NOTHROW(make_player("net:" + path, envs::make_game(spec), 1));
  for (const char* spec : {"go:size=5,features=leela", "go:size=6", "go:width=5,height=4"})
    CHECK_THROWS_WITH(make_player("net:" + path, envs::make_game(spec), 1),
                      Catch::Contains("trained for"));
}
