#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

#include "tests/support/temp_dir.hpp"
#include "tests/tools/run_cli.hpp"

using namespace tengen;
using namespace tengen::test;
using Catch::Matchers::Contains;

namespace {

namespace fs = std::filesystem;

/// An engine that always passes, interrupts this process in its second game and then hangs.
std::string interrupting_engine(const TempDir& dir) {
  const std::string script = (dir / "engine.sh").string();
  std::ofstream(script) << "games=0\n"
                           "while read -r command rest; do\n"
                           "  case $command in\n"
                           "    name) printf '= Fake\n\n' ;;\n"
                           "    clear_board) games=$((games + 1)); printf '=\n\n' ;;\n"
                           "    genmove)\n"
                           "      if [ $games = 2 ]; then kill -INT "
                        << ::getpid()
                        << "; sleep 600; fi\n"
                           "      printf '= pass\n\n' ;;\n"
                           "    *) printf '=\n\n' ;;\n"
                           "  esac\ndone\n";
  return "gtp:sh " + script;
}

}  // namespace

TEST_CASE("A match that is interrupted tells the score of its games", "[tools][match]") {
  const TempDir dir;
  const CliResult result =
      run_cli({"match", interrupting_engine(dir), "random", "--game", "go:size=5", "--games", "9",
               "--threads", "1", "--sgf", dir / "sgf"});
  INFO(result.out << result.err);
  CHECK(result.code == 0);
  CHECK_THAT(result.out, Contains("stopped on request after 1 of 9 games") && Contains("a: Fake") &&
                             Contains(" of 1: ") && Contains("1 games in "));
  CHECK(fs::exists(dir / "sgf/game-0001.sgf"));
  CHECK_FALSE(fs::exists(dir / "sgf/game-0002.sgf"));
}

TEST_CASE("A game that cannot be saved does not lose the score", "[tools][match]") {
  const TempDir dir;
  fs::create_directories(dir / "sgf/game-0002.sgf");  // no file can have this name
  const CliResult result = run_cli({"match", "random", "random", "--game", "tic_tac_toe", "--games",
                                    "4", "--threads", "1", "--sgf", dir / "sgf"});
  CHECK(result.code == 2);
  CHECK_THAT(result.out, Contains(" of 4: ") && Contains("3 games in "));
  CHECK_THAT(result.err, Contains("game-0002.sgf: cannot be written; 1 games are not saved"));
  for (const char* name : {"sgf/game-0001.sgf", "sgf/game-0003.sgf", "sgf/game-0004.sgf"})
    CHECK(fs::exists(dir / name));
}

TEST_CASE("A side that has played no game has no score", "[tools][match]") {
  const CliResult result =
      run_cli({"match", "random", "random", "--game", "tic_tac_toe", "--games", "1"});
  CHECK(std::regex_search(result.out, std::regex("a moves second +0 +0 +0 +-\n")));
}

TEST_CASE("A match takes its game from a policy", "[tools][match]") {
  const TempDir dir;
  REQUIRE(run_cli({"rl", dir / "run", "--env", "tic_tac_toe:side=first", "--steps", "128",
                   "--environments", "4", "--rollout", "32", "--minibatch", "64",
                   "--evaluation-episodes", "2"})
              .code == 0);
  const CliResult result = run_cli(
      {"match", "policy:" + (dir / "run").string() + ",likeliest=1", "random", "--games", "2"});
  INFO(result.err);
  CHECK(result.code == 0);
  CHECK_THAT(result.out, Contains(" of 2: "));
}
