// Searching on the opponent's time, and how any line stops it.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/tools/gtp/dialogue.hpp"
#include "tests/tools/gtp/open_input.hpp"
#include "tests/tools/run_cli.hpp"

using namespace tengen;

namespace {

gtp::SessionConfig pondering_config(const std::string& game) {
  gtp::SessionConfig config = test::dialogue_config(game);
  config.ponder = true;
  config.parallel.stop_when_decided = false;
  return config;
}

/// An engine that is answered to line by line, with its evaluations counted. Pondering that nothing
/// ends is stopped after kMany more evaluations.
struct Dialogue {
  static constexpr int kMany = 20'000;

  explicit Dialogue(const gtp::SessionConfig& config)
      : session(config, test::counting_evaluators([this](int) {
                  if (++evaluations - before > kMany) stop = true;
                })) {
    gtp::add_all_commands(engine, session);
  }
  void say(const std::string& lines) {
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);)
      engine.answer(*gtp::parse_request(line), answers);
    REQUIRE(answers.str().find('?') == std::string::npos);
  }
  /// Evaluations while no line waits.
  int ponder() {
    before = evaluations;
    session.ponder(stop);
    return evaluations - before;
  }

  int evaluations = 0, before = 0;
  std::atomic<bool> stop = false;
  gtp::Session session;
  gtp::Engine engine;
  std::ostringstream answers;
};

int pondered(const std::string& lines, const gtp::SessionConfig& config) {
  Dialogue dialogue(config);
  dialogue.say(lines);
  return dialogue.ponder();
}

}  // namespace

TEST_CASE("The next move profits from what was pondered", "[tools][gtp][ponder]") {
  const bool ponders = GENERATE(true, false);
  gtp::SessionConfig config = pondering_config("connect_four");
  config.ponder = ponders;
  Dialogue dialogue(config);
  dialogue.say("genmove b");
  CHECK((dialogue.ponder() > 0) == ponders);
  dialogue.say("play w 4\ngenmove b");
  const int visits = dialogue.session.last_decision()->search.simulations;
  CHECK((ponders ? visits > 1000 : visits == 40));
}

TEST_CASE("Any line stops what is searched without a limit at once", "[tools][gtp][ponder]") {
  const std::string begin = GENERATE("genmove b\n", "lz-analyze b 360000\n");
  const std::string line = GENERATE("\n", "# interrupt\n", "# comment\n", "7 nonsense\n");
  CAPTURE(begin, line);
  constexpr int kEnough = 200;  // more than genmove makes
  test::OpenInput input(begin);
  int evaluations = 0, at_answer = 0;
  gtp::Session session(pondering_config("go:size=5"), test::counting_evaluators([&](int count) {
                         evaluations = count;
                         if (count != kEnough) return;
                         input.type(line + "8 then\n");
                         input.wait_until_read();
                       }));
  gtp::Engine engine;
  gtp::add_all_commands(engine, session);
  engine.add({"then", "", [&](const gtp::Args&) {
                at_answer = evaluations;
                input.type("quit\n");
                return "";
              }});
  std::istream in(&input);
  std::ostringstream out;
  engine.run(in, out);
  CHECK(at_answer == kEnough);
  const std::string rest =
      (line[0] == '7' ? "?7 unknown command\n\n" : std::string()) + "=8\n\n=\n\n";
  const std::string said = out.str();
  REQUIRE(said.find("\n\n") != std::string::npos);
  CHECK(said.substr(said.find("\n\n") + 2) == rest);
}

TEST_CASE("The analysis of a proven position lasts until the next line", "[tools][gtp][ponder]") {
  test::OpenInput input("play b a1\nplay w c1\nplay b a2\nplay w c2\nlz-analyze b 1\n");
  gtp::Session session(test::dialogue_config("tic_tac_toe"), test::hash_evaluators());
  gtp::Engine engine;
  gtp::add_all_commands(engine, session);
  std::ostringstream out;
  std::atomic<bool> typed = false;
  bool ended_early = false;
  engine.on_idle([&] { ended_early |= !typed && out.str().find("info") != std::string::npos; });
  const std::jthread typist([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    typed = true;
    input.type("quit\n");
  });
  std::istream in(&input);
  engine.run(in, out);
  CHECK_FALSE(ended_early);
  CHECK_THAT(out.str(), Catch::Contains("info move a3 ") && Catch::Contains("winrate 10000"));
}

TEST_CASE("The end of input stops pondering", "[tools][gtp][ponder]") {
  test::OpenInput input("genmove b\n");
  bool endless = false;
  gtp::Session session(pondering_config("go:size=9"), test::counting_evaluators([&](int count) {
                         if (count == 100) input.close();
                         endless = count > Dialogue::kMany;
                         if (endless) throw std::runtime_error("it does not stop");
                       }));
  gtp::Engine engine;
  gtp::add_all_commands(engine, session);
  std::istream in(&input);
  std::ostringstream out;
  engine.run(in, out);
  CHECK_FALSE(endless);
}

TEST_CASE("Pondering goes on behind a command that leaves the reply open", "[tools][gtp][ponder]") {
  const gtp::SessionConfig config = pondering_config("go:size=5");
  CHECK(pondered("genmove b\nname", config) > 0);
  CHECK(pondered("genmove b\nlz-analyze w", config) > 0);
  CHECK(pondered("play b C3\nlz-genmove_analyze w", config) > 0);
  CHECK(pondered("tengen-param ponder 0\ngenmove b", config) == 0);
  CHECK(pondered("tengen-param ponder 0\ngenmove b\ntengen-param ponder 1", config) > 0);
}

TEST_CASE("There is no pondering where no reply is expected", "[tools][gtp][ponder]") {
  const gtp::SessionConfig config = pondering_config("go:size=5");
  for (const char* lines :
       {"", "play b C3", "reg_genmove b", "genmove b\nplay w pass", "genmove b\nundo",
        "genmove b\nclear_board", "genmove b\nreg_genmove w", "genmove b\nkgs-game_over",
        "kgs-genmove_cleanup b", "genmove b\nkgs-genmove_cleanup w", "genmove b\nboardsize 7"}) {
    CAPTURE(lines);
    CHECK(pondered(lines, config) == 0);
  }
}

TEST_CASE("There is no pondering once the game is over", "[tools][gtp][ponder]") {
  // Black owns the board: a pass behind White's wins.
  CHECK(pondered("play b C3\nplay w pass\ngenmove b", pondering_config("go:size=5")) == 0);
  gtp::SessionConfig config = pondering_config("connect_four");
  config.limits.simulations = 100;
  const std::string three = "play b 1\nplay w 2\nplay b 1\nplay w 2\nplay b 1\nplay w 2\n";
  CHECK(pondered(three + "genmove b", config) == 0);
  config.resign_value = -0.5;
  config.limits.simulations = 2000;
  Dialogue resigned(config);
  resigned.say("play b 1\nplay w 3\nplay b 1\nplay w 4\nplay b 7\nplay w 5\ngenmove b");
  CHECK_FALSE(resigned.session.last_decision()->action);
  CHECK(resigned.ponder() == 0);
}

TEST_CASE("Pondering ends when there is nothing to learn or no room", "[tools][gtp][ponder]") {
  Dialogue solved(pondering_config("tic_tac_toe"));
  solved.say("genmove b");
  CHECK(solved.ponder() > 0);
  CHECK_FALSE(solved.stop);
  gtp::SessionConfig config = pondering_config("go:size=9");
  config.search.max_tree_bytes = GENERATE(std::size_t{1}, std::size_t{4}) << 20;
  Dialogue full(config);
  full.say("genmove b");
  CHECK(full.ponder() > 0);
  CHECK_FALSE(full.stop);
}

TEST_CASE("Pondering is not booked on a clock", "[tools][gtp][ponder]") {
  Dialogue dialogue(pondering_config("connect_four"));
  dialogue.say("time_settings 60 0 0\ngenmove b");
  const auto black = dialogue.session.clock().budget(0, 10);
  const auto white = dialogue.session.clock().budget(1, 10);
  CHECK(dialogue.ponder() > 0);
  CHECK(dialogue.session.clock().budget(0, 10) == black);
  CHECK(dialogue.session.clock().budget(1, 10) == white);
}

TEST_CASE("Pondering is refused where it has no use or spoils a promise", "[tools][gtp][ponder]") {
  gtp::SessionConfig config = pondering_config("go:size=5");
  config.parallel.deterministic = true;
  CHECK_THROWS_AS(gtp::Session(config, test::hash_evaluators()), std::invalid_argument);
  config = pondering_config("go:size=5");
  config.search.selection = mcts::Selection::gumbel;
  CHECK_THROWS_AS(gtp::Session(config, test::hash_evaluators()), std::invalid_argument);
  const test::CliResult refused = test::run_cli({"gtp", "--ponder", "--deterministic"});
  CHECK(refused.code == 2);
  CHECK(refused.err.find("pondering") != std::string::npos);
}
