// Dialogues about choosing moves, in every game.
#include <catch2/catch.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "engine/base/clock.hpp"
#include "envs/registry.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/tools/gtp/dialogue.hpp"
#include "tests/tools/run_cli.hpp"

using namespace tengen;
using test::converse;
using test::last_response;

namespace {

/// Gives the first move this share of the prior, and all positions the same value.
class FirstMoveEvaluator : public mcts::UniformEvaluator {
 public:
  explicit FirstMoveEvaluator(float share) : share_(share) {}
  void evaluate(std::span<mcts::EvalItem> items) override {
    UniformEvaluator::evaluate(items);
    for (mcts::EvalItem& item : items) {
      for (float& prior : item.priors) prior *= 1 - share_;
      item.priors[0] += share_;
    }
  }

 private:
  const float share_;
};

}  // namespace

TEST_CASE("Genmove plays a legal move in every game", "[tools][gtp]") {
  for (const envs::GameInfo& info : envs::known_games()) {
    INFO(info.name);
    gtp::Session session(test::dialogue_config(info.name), test::hash_evaluators());
    gtp::Engine engine;
    gtp::add_all_commands(engine, session);
    int player = 0;
    for (int i = 0; i < 200 && !session.state().is_terminal(); ++i, player = 1 - player) {
      const std::string colour = player == 0 ? "b" : "w";
      const std::string response = engine.respond({"", "genmove", {colour}});
      REQUIRE(response.rfind("= ", 0) == 0);
      const std::string vertex = response.substr(2, response.size() - 4);
      REQUIRE(session.game().parse_action(vertex).has_value());
      CHECK(session.record().moves().size() == static_cast<std::size_t>(i) + 1);
    }
    const std::string board = engine.respond({"", "showboard", {}});
    CHECK(board.rfind("= \n", 0) == 0);
    CHECK(board.find("\n\n") == board.size() - 2);
  }
}

TEST_CASE("A winning move is found", "[tools][gtp]") {
  const std::string three =
      "tengen-param simulations 100\n"
      "play b 1\nplay w 2\nplay b 1\nplay w 2\nplay b 1\nplay w 2\n";
  CHECK(last_response(three + "genmove b\n", "connect_four") == "= 1\n\n");
  CHECK(last_response(three + "genmove b\nfinal_score\n", "connect_four") == "= B+1\n\n");
  CHECK(last_response(three + "genmove b\nundo\nfinal_score\n", "connect_four") ==
        "? cannot score\n\n");
}

TEST_CASE("Games without a pass accept only the side to move", "[tools][gtp]") {
  CHECK(last_response("play w 1\n", "connect_four") == "? illegal move\n\n");
  CHECK(last_response("play b 1\ngenmove b\n", "connect_four") == "? not this colour's turn\n\n");
  CHECK(last_response("play b pass\n", "connect_four") == "? syntax error\n\n");
}

TEST_CASE("A game that is over takes no move", "[tools][gtp]") {
  const std::string won = "play b 1\nplay w 2\nplay b 1\nplay w 2\nplay b 1\nplay w 2\nplay b 1\n";
  CHECK(last_response(won + "play w 3\n", "connect_four") == "? illegal move\n\n");
  CHECK(last_response(won + "genmove w\n", "connect_four") == "? game is over\n\n");
}

TEST_CASE("What only Go has is refused in other games", "[tools][gtp]") {
  for (const char* command : {"boardsize 9", "komi 6.5", "fixed_handicap 2", "list_stones b"})
    CHECK(last_response(std::string(command) + "\n", "connect_four")[0] == '?');
  CHECK(last_response("boardsize 7\n", "connect_four") == "=\n\n");
}

TEST_CASE("The game can be switched and a wrong one changes nothing", "[tools][gtp]") {
  CHECK(last_response("tengen-game tic_tac_toe\n") == "= tic_tac_toe\n\n");
  CHECK(last_response("play b C3\ntengen-game chess\n")[0] == '?');
  CHECK(last_response("play b C3\ntengen-game chess\nlist_stones b\n") == "= C3\n\n");
}

TEST_CASE("A net that does not fit keeps the board", "[tools][gtp]") {
  const gtp::EvaluatorMaker only_5x5 = [](const std::shared_ptr<const envs::Game>& game,
                                          std::uint64_t seed) {
    if (game->num_actions() != 26) throw std::invalid_argument("[net] expected 26 actions");
    return test::hash_evaluators()(game, seed);
  };
  CHECK(converse("play b C3\nboardsize 9\nlist_stones b\ngenmove w\nundo\n",
                 test::dialogue_config("go:size=5"), only_5x5)
            .rfind("=\n\n? unacceptable size\n\n= C3\n\n= ", 0) == 0);
}

TEST_CASE("The regression move is not played", "[tools][gtp]") {
  CHECK(last_response("reg_genmove b\nlist_stones b\n") == "=\n\n");
}

TEST_CASE("The same dialogue gets the same answers", "[tools][gtp]") {
  const std::string input = "genmove b\ngenmove w\nplay b A1\ngenmove w\nundo\nundo\ngenmove b\n";
  CHECK(converse(input) == converse(input));
}

TEST_CASE("A hopeless position is resigned if that is wanted", "[tools][gtp]") {
  gtp::SessionConfig config = test::dialogue_config("connect_four");
  // White's open three in the bottom row wins whatever Black does.
  const std::string lost = "play b 1\nplay w 3\nplay b 1\nplay w 4\nplay b 7\nplay w 5\n";
  CHECK(converse(lost + "genmove b\n", config).find("resign") == std::string::npos);
  config.resign_value = -0.5;
  config.limits.simulations = 2000;
  const std::string answer = converse(lost + "genmove b\nreg_genmove b\n", config);
  CHECK(answer.find("= resign\n\n") != std::string::npos);
  CHECK(answer.find("= resign\n\n") == answer.rfind("= resign\n\n"));
}

TEST_CASE("A clock bounds the time of a move", "[tools][gtp]") {
  gtp::SessionConfig config = test::dialogue_config("go:size=5");
  config.limits = {0, 3600};
  CHECK(converse("time_settings 1 0 0\ngenmove b\n", config).rfind("=\n\n= ", 0) == 0);
}

TEST_CASE("The lag is kept back of every reading of the clock", "[tools][gtp]") {
  gtp::Session session(test::dialogue_config("go:size=5"), test::hash_evaluators());
  session.set_clock(mcts::TimeSettings{10, 0, 0});
  CHECK(session.clock().budget(0, 1) == 9.0);
  gtp::SessionConfig slow = session.config();
  slow.lag_seconds = 2;
  session.set_config(slow);
  CHECK(session.clock().budget(0, 1) == 8.0);
  session.set_clock(mcts::TimeSettings{20, 0, 0});
  CHECK(session.clock().budget(0, 1) == 18.0);
}

TEST_CASE("What a move takes before its search is booked on the clock", "[tools][gtp]") {
  gtp::SessionConfig config = test::dialogue_config("go:size=5");
  config.lag_seconds = 0;
  gtp::Session session(config, test::hash_evaluators());
  session.set_clock(mcts::TimeSettings{60, 0, 0});
  const Stopwatch watch;
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  session.decide(0, false, 0, nullptr, watch);
  CHECK(*session.clock().budget(0, 1) <= 60 - 0.05);
}

TEST_CASE("A move that is unsure takes more of the clock", "[tools][gtp]") {
  const bool unsure = GENERATE(true, false);
  gtp::SessionConfig config = test::dialogue_config("go:size=5");
  config.limits = {0, 3600};
  config.parallel.stop_when_decided = false;
  gtp::Session session(config, [unsure](const auto&, std::uint64_t) -> mcts::EvaluatorFactory {
    return [unsure](int) { return std::make_unique<FirstMoveEvaluator>(unsure ? 0.0f : 1.0f); };
  });
  session.set_clock(mcts::TimeSettings{1.5, 0, 0});
  int searches = 0;
  session.decide(0, false, 3600, [&](const mcts::SearchResult&) { ++searches; });
  CHECK(searches == (unsure ? 2 : 1));
}

TEST_CASE("A deterministic engine of many threads says the same each time", "[tools][gtp]") {
  const test::TempDir directory;
  const std::string net = directory / "net.safetensors";
  REQUIRE(test::run_cli({"net", "init", "--game", "connect_four", "--net", "mlp:layers=1,hidden=8",
                         "-o", net})
              .code == 0);
  const std::string threads = GENERATE("2", "4", "8");
  const auto answers = [&] {
    std::istringstream in("genmove b\ngenmove w\nkata-genmove_analyze b 1000\n");
    std::streambuf* const keyboard = std::cin.rdbuf(in.rdbuf());
    const test::CliResult played =
        test::run_cli({"gtp", "--net", net, "--sims", "1000", "--batch", "4", "--threads", threads,
                       "--deterministic", "--max-tree-mb", "16"});
    std::cin.rdbuf(keyboard);
    return played.out;
  };
  const std::string first = answers();
  CHECK(first.find("visits") != std::string::npos);
  for (int run = 0; run < 3; ++run) CHECK(answers() == first);
}

TEST_CASE("Without a net the search tries untried moves without reduction", "[tools][gtp]") {
  const std::string input = "genmove b\ngenmove w\ngenmove b\ngenmove w\ngenmove b\n";
  std::istringstream in(input);
  std::streambuf* const keyboard = std::cin.rdbuf(in.rdbuf());
  const test::CliResult played =
      test::run_cli({"gtp", "--game", "connect_four", "--sims", "100", "--threads", "1"});
  std::cin.rdbuf(keyboard);

  const gtp::EvaluatorMaker rollouts = [](const std::shared_ptr<const envs::Game>&, std::uint64_t) {
    return [](int) { return std::make_unique<mcts::RolloutEvaluator>(Rng(1).split(0)); };
  };
  gtp::SessionConfig config = test::dialogue_config("connect_four");
  config.limits.simulations = 100;
  CHECK(played.out != converse(input, config, rollouts));
  config.search.fpu_reduction = 0;
  CHECK(played.out == converse(input, config, rollouts));
}

TEST_CASE("A session without any limit is refused", "[tools][gtp]") {
  gtp::SessionConfig config = test::dialogue_config("go:size=5");
  config.limits = {};
  CHECK_THROWS_AS(gtp::Session(config, test::hash_evaluators()), std::invalid_argument);
}

TEST_CASE("A search that cannot keep its promise is refused", "[tools][gtp]") {
  const auto refused = [](auto&& change) {
    gtp::SessionConfig config = test::dialogue_config("go:size=5");
    config.parallel.threads = 2;
    change(config);
    CHECK_THROWS_AS(gtp::Session(config, test::hash_evaluators()), std::invalid_argument);
  };
  refused([](gtp::SessionConfig& c) { c.search.graph = true; });
  refused([](gtp::SessionConfig& c) {
    c.search.graph = c.parallel.deterministic = true;
    c.search.selection = mcts::Selection::gumbel;
  });
  refused([](gtp::SessionConfig& c) { c.parallel.deterministic = true, c.limits = {0, 1}; });
}

TEST_CASE("Options of a game description are replaced and removed", "[tools][gtp]") {
  CHECK(gtp::with_option("go:size=9,komi=7.5", "komi", "6.5") == "go:size=9,komi=6.5");
  CHECK(gtp::with_option("go:size=9,komi=7.5", "size", "") == "go:komi=7.5");
  CHECK(gtp::with_option("go", "size", "5") == "go:size=5");
  CHECK(gtp::with_option("go:size=5", "size", "") == "go");
}
