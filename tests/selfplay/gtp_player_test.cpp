#include "selfplay/players/gtp_player.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "selfplay/match.hpp"
#include "selfplay/players/gtp_process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using namespace tengen::selfplay;

namespace {

/// A shell script that speaks GTP, answers "genmove" with `genmove` and logs what it is told.
std::string fake_engine(const test::TempDir& dir, const std::string& genmove) {
  const std::string script = (dir / "engine.sh").string(), log = (dir / "log").string();
  std::ofstream(script) << "while read -r command rest; do\n"
                           "  echo \"$command $rest\" >> "
                        << log
                        << "\n  case $command in\n"
                           "    name) printf '= Fake\\n\\n' ;;\n"
                           "    genmove) "
                        << genmove
                        << " ;;\n"
                           "    quit) printf '=\\n\\n'; exit ;;\n"
                           "    *) printf '=\\n\\n' ;;\n"
                           "  esac\ndone\n";
  return "sh " + script;
}

std::string log_of(const test::TempDir& dir) {
  std::ifstream in(dir / "log");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::shared_ptr<const envs::Game> small_go() { return envs::make_game("go:size=5,komi=0.5"); }

}  // namespace

TEST_CASE("A GTP program is told the game and its own moves only once", "[selfplay][gtp]") {
  const test::TempDir dir;
  const auto game = small_go();
  {
    GtpPlayer player(fake_engine(dir, "printf '= C3\\n\\n'"), game, 10);
    CHECK(player.name() == "Fake");
    const auto state = game->new_initial_state();
    player.new_game(*state);
    Rng rng(1);
    const envs::Action mine = *player.select_action(*state, rng);
    CHECK(game->action_to_string(mine) == "C3");
    player.observe(mine);
    player.observe(*game->parse_action("D4"));
    player.observe(*game->parse_action("pass"));
  }
  std::string log = log_of(dir);
  CHECK(log.find("name \nboardsize 5\nkomi 0.5\nclear_board \ngenmove black\nplay white D4\nplay "
                 "black pass\n") == 0);
}

TEST_CASE("A GTP program may resign", "[selfplay][gtp]") {
  const test::TempDir dir;
  const auto game = small_go();
  GtpPlayer player(fake_engine(dir, "printf '= RESIGN\\n\\n'"), game, 10);
  const auto state = game->new_initial_state();
  player.new_game(*state);
  Rng rng(1);
  CHECK_FALSE(player.select_action(*state, rng).has_value());
}

TEST_CASE("An illegal move of a GTP program loses it the game", "[selfplay][gtp]") {
  for (const char* vertex : {"Z99", "C3"}) {  // no vertex; the second time it is occupied
    const test::TempDir dir;
    MatchConfig config;
    config.game = small_go();
    config.games = 2;
    const std::string engine =
        "gtp:" + fake_engine(dir, std::string("printf '= ") + vertex + "\\n\\n'");
    const MatchResult result = play_match(
        config, [&](std::uint64_t seed) { return make_player(engine, config.game, seed); },
        [&](std::uint64_t seed) { return make_player("random", config.game, seed); });
    CHECK(result.tally.losses == 2);
    CHECK(result.games[0].reason == "a played an illegal move");
  }
}

TEST_CASE("A GTP program that dies or is silent is named in the error", "[selfplay][gtp]") {
  const test::TempDir dir;
  const auto game = small_go();
  const auto state = game->new_initial_state();
  Rng rng(1);
  const auto ask = [&](const std::string& genmove, double timeout) {
    GtpPlayer player(fake_engine(dir, genmove), game, timeout);
    player.new_game(*state);
    player.select_action(*state, rng);
  };
  CHECK_THROWS_WITH(ask("exit 1", 10),
                    Catch::Contains("engine.sh") && Catch::Contains("genmove black"));
  CHECK_THROWS_WITH(ask("sleep 30", 0.2), Catch::Contains("did not answer 'genmove black'"));
  CHECK_THROWS_WITH(ask("while :; do echo chatter; done", 0.2),
                    Catch::Contains("did not answer 'genmove black'"));
  CHECK_THROWS_WITH(ask("printf '? out of ideas\\n\\n'", 10), Catch::Contains("out of ideas"));
  CHECK_THROWS_WITH(GtpPlayer("/nowhere/engine --gtp", game, 10),
                    Catch::Contains("'/nowhere/engine --gtp': not found"));
  CHECK_THROWS_WITH(GtpPlayer("/etc/passwd", game, 10), Catch::Contains("cannot be executed"));
  CHECK_THROWS_WITH(GtpPlayer("sh -c 'exit 3'", game, 10), Catch::Contains("'name'"));
}

TEST_CASE("A stop ends the wait for a GTP program", "[selfplay][gtp]") {
  const std::atomic<bool> stop = true;
  CHECK_THROWS_WITH(GtpPlayer("sleep 30", small_go(), 20, &stop),
                    Catch::Contains("was stopped before it answered 'name'"));
}

TEST_CASE("A GTP program does not outlive the process that is killed", "[selfplay][gtp]") {
  const test::TempDir dir;
  const std::string file = (dir / "pid").string();
  const auto engine_pid = [&] {
    pid_t pid = 0;
    std::ifstream(file) >> pid;
    return pid;
  };
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // Its own child, sleep, must go as well.
    const GtpProcess engine("sh -c 'trap \"\" TERM INT HUP; echo $$ > " + file + "; sleep 600'",
                            10);
    while (engine_pid() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ::raise(SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  REQUIRE(engine_pid() > 0);
  const auto is_alive = [&] { return ::kill(-engine_pid(), 0) == 0; };
  for (int i = 0; i < 6000 && is_alive(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK_FALSE(is_alive());
}

TEST_CASE("A GTP program plays a whole game against random moves", "[selfplay][gtp]") {
  const test::TempDir dir;
  MatchConfig config;
  config.game = small_go();
  config.games = 4;
  config.threads = 2;
  const std::string engine = "gtp:" + fake_engine(dir, "printf '= pass\\n\\n'");
  const MatchResult result = play_match(
      config, [&](std::uint64_t seed) { return make_player(engine, config.game, seed); },
      [&](std::uint64_t seed) { return make_player("random", config.game, seed); });
  CHECK(result.tally.games() == 4);
  CHECK(result.name_a == "Fake");
  for (const MatchGame& game : result.games) CHECK(game.reason == "end of game");
}

TEST_CASE("GNU Go and Tengen agree on a whole game", "[selfplay][gtp]") {
  const char* gnugo = std::getenv("TENGEN_GNUGO");
  if (gnugo == nullptr) {
    WARN("SKIPPED: TENGEN_GNUGO does not name a GNU Go program");
    return;
  }
  MatchConfig config;
  config.game = small_go();
  config.games = 2;
  const std::string engine =
      std::string(gnugo) +
      " --mode gtp --level 1 --seed 1 --chinese-rules --capture-all-dead --positional-superko";
  const auto player = [&](const std::string& description) {
    return [&, description](std::uint64_t seed) {
      return make_player(description, config.game, seed);
    };
  };
  const MatchResult result = play_match(config, player("gtp:" + engine), player("random"));
  for (const MatchGame& game : result.games) CHECK(game.reason == "end of game");
  CHECK(result.tally.wins == 2);
}
