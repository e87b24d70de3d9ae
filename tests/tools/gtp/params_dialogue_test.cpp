// Dialogues about parameters, seeds and what they change.
#include <spdlog/fmt/fmt.h>

#include <catch2/catch.hpp>
#include <memory>
#include <sstream>
#include <string>

#include "mcts/evaluators.hpp"
#include "tests/tools/gtp/dialogue.hpp"
#include "tests/tools/run_cli.hpp"

using namespace tengen;
using test::converse;
using test::last_response;

TEST_CASE("Parameters are shown and set while playing", "[tools][gtp]") {
  CHECK(last_response("tengen-param c_puct_init 2.5\ntengen-param c_puct_init\n") == "= 2.5\n\n");
  CHECK(last_response("tengen-param simulations 7\ngenmove b\ngomill-explain_last_move\n")
            .find(" 7 simulations") != std::string::npos);
  for (const char* text : {"simulations 0", "simulations 2.7", "lcb_move 0.5", "ponder 2",
                           "c_puct_init x", "noise_fraction 2", "nonsense"})
    CHECK(last_response(std::string("tengen-param ") + text + "\n")[0] == '?');
  CHECK(last_response("tengen-param\n").rfind("= [string] simulations 40\n", 0) == 0);
}

TEST_CASE("Parameters answer to the names that KataGo gives them", "[tools][gtp]") {
  CHECK(last_response("kata-set-param maxVisits 1234567\ntengen-param simulations\n") ==
        "= 1234567\n\n");
  CHECK(last_response("kata-set-param useLcbForSelection true\ntengen-param lcb_move\n") ==
        "= 1\n\n");
  CHECK(last_response("tengen-param lag_seconds 2.5\nkata-get-param lagBuffer\n") == "= 2.5\n\n");
  CHECK(last_response("kata-get-param ponderingEnabled\n") == "= false\n\n");
  for (const char* text : {"simulations 7", "maxVisits", "maxVisits 0", "useLcbForSelection 1"})
    CHECK(last_response(std::string("kata-set-param ") + text + "\n")[0] == '?');
  std::istringstream names(last_response("kata-list-params\n").substr(2));
  int count = 0;
  for (std::string name; names >> name; ++count)
    CHECK(last_response("kata-get-param " + name + "\n")[0] == '=');
  CHECK(count > 10);
}

TEST_CASE("A cleared cache forgets tree and evaluations", "[tools][gtp]") {
  int evaluators = 0;
  const gtp::EvaluatorMaker counted = [&](const auto& game, std::uint64_t seed) {
    ++evaluators;
    return test::hash_evaluators()(game, seed);
  };
  const std::string search = "kata-search b\n";
  const auto visits = [&](const std::string& lines) {
    gtp::Session session(test::dialogue_config("go:size=5"), counted);
    gtp::Engine engine;
    gtp::add_all_commands(engine, session);
    std::istringstream in(lines + "tengen-param simulations 1\n" + search);
    std::ostringstream out;
    engine.run(in, out);
    return session.last_decision()->search.simulations;
  };
  CHECK(visits(search) > 1);  // the tree of the first search
  CHECK(evaluators == 1);
  CHECK(visits(search + "clear_cache\n") == 1);
  CHECK(evaluators == 3);
}

TEST_CASE("The kind of search is a parameter", "[tools][gtp]") {
  const auto visits = [](const std::string& lines) {
    return last_response(lines + "kata-search_analyze b maxmoves 40\n");
  };
  const std::string gumbel = "tengen-param gumbel 1\n", puct = "tengen-param gumbel 0\n";
  CHECK(visits("") != visits(gumbel));
  CHECK(visits("") == visits("kata-search b\n" + gumbel + "kata-search b\n" + puct));
  CHECK(visits(gumbel) == visits("kata-search b\n" + gumbel));
  CHECK(visits(gumbel) != visits(gumbel + "tengen-param gumbel_actions 4\n"));
  CHECK(visits(gumbel) != visits(gumbel + "tengen-param gumbel_c_scale 0.1\n"));
  CHECK(last_response("tengen-param ponder 1\n" + gumbel)[0] == '?');
  const std::string absolute = "tengen-param fpu_absolute 1\n";
  CHECK(visits("") != visits(absolute));
  CHECK(visits(absolute) != visits(absolute + "tengen-param fpu_value 1\n"));
  CHECK(visits(absolute) != visits(absolute + "tengen-param fpu_root_value 1\n"));
  for (const char* name : {"lcb_share", "noise_alpha", "gumbel_scale", "gumbel_c_visit"})
    CHECK(last_response(fmt::format("tengen-param {0} 0.25\ntengen-param {0}\n", name)) ==
          "= 0.25\n\n");
}

TEST_CASE("Seeds are as wide as the option of that name", "[tools][gtp]") {
  CHECK(last_response("set_random_seed 18446744073709551615\nget_random_seed\n") ==
        "= 18446744073709551615\n\n");
  for (const char* seed : {"18446744073709551616", "1.5", "-1", "x"})
    CHECK(last_response(fmt::format("set_random_seed {}\n", seed)) == "? syntax error\n\n");
}

TEST_CASE("A wrong precision is refused without a net too", "[tools][gtp]") {
  CHECK(test::run_cli({"gtp", "--precision", "foo"}).code == 2);
}

TEST_CASE("A seed repeats what follows it", "[tools][gtp]") {
  gtp::SessionConfig config = test::dialogue_config("go:size=5");
  config.temperature_plies = 100;
  const std::string game = "clear_board\nset_random_seed 5\ngenmove b\ngenmove w\ngenmove b\n";
  const std::string twice = converse(game + game, config);
  CHECK(twice.substr(0, twice.size() / 2) == twice.substr(twice.size() / 2));
}

TEST_CASE("Another seed reaches the rollouts", "[tools][gtp]") {
  const gtp::EvaluatorMaker rollouts = [](const auto&,
                                          std::uint64_t seed) -> mcts::EvaluatorFactory {
    return [seed](int) { return std::make_unique<mcts::RolloutEvaluator>(Rng(seed)); };
  };
  const auto analysis = [&](const std::string& seed) {
    return converse("set_random_seed " + seed + "\nkata-genmove_analyze b\n",
                    test::dialogue_config("go:size=5"), rollouts);
  };
  CHECK(analysis("1") == analysis("1"));
  CHECK(analysis("1") != analysis("2"));
}
