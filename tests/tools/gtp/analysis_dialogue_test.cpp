// Dialogues about analysis and searches.
#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "envs/go/go_state.hpp"
#include "envs/registry.hpp"
#include "tests/tools/gtp/dialogue.hpp"
#include "tools/gtp/analysis.hpp"
#include "tools/gtp/restriction.hpp"

using namespace tengen;
using test::converse;
using test::last_response;

namespace {

gtp::Analysis parse(const std::string& arguments) {
  const gtp::Session session(test::dialogue_config("go:size=5"), test::hash_evaluators());
  std::istringstream words("lz-analyze " + arguments);
  return gtp::parse_analysis(session, gtp::parse_request(words.str())->args);
}

bool matches(const std::string& text, const std::string& pattern) {
  return std::regex_match(text, std::regex(pattern));
}

/// The vertices behind "info move".
std::vector<std::string> reported(const std::string& answer) {
  std::vector<std::string> moves;
  const std::regex info("info move (\\w+)");
  for (std::sregex_iterator it(answer.begin(), answer.end(), info), end; it != end; ++it)
    moves.push_back((*it)[1]);
  return moves;
}

}  // namespace

TEST_CASE("Colour and interval of analysis come in either order", "[tools][gtp]") {
  for (const char* text : {"w 50", "50 w", "white interval 50", "interval 50 W", "50 WHITE"}) {
    CAPTURE(text);
    CHECK(parse(text).player == 1);
    CHECK(parse(text).interval_seconds == 0.5);
  }
  CHECK(parse("").player == 0);
  CHECK(parse("minmoves 3 maxmoves 7 rootInfo true ownership TRUE").max_moves == 7);
  CHECK(parse("ownership false pvVisits false").ownership == false);
  CHECK(parse("pvVisits true").pv_visits);
  for (const char* key : {"pvEdgeVisits", "movesOwnership", "ownershipStdev", "movesOwnershipStdev",
                          "noResultValue"}) {
    CHECK(parse("w 50 " + std::string(key) + " true").player == 1);
    CHECK_THROWS_AS(parse(std::string(key) + " 1"), gtp::Failure);
  }
  for (const char* text :
       {"w w", "10 20 b", "0", "-5", "minmoves", "minmoves x", "avoid b", "avoid b C3",
        "avoid red C3 1", "avoid b Z9 1", "allow b C3 1 allow b D3 1", "allow b C3 1 avoid b D3 1",
        "rootInfo maybe", "pvVisits", "nonsense"})
    CHECK_THROWS_AS(parse(text), gtp::Failure);
}

TEST_CASE("Analysis names its numbers as each client reads them", "[tools][gtp]") {
  const std::string number = "-?\\d+\\.\\d+", pv = "pv( [A-E][1-5]| pass)+";
  const std::string lz = "info move \\w+ visits \\d+ winrate \\d+ prior \\d+ lcb \\d+ order ";
  CHECK(matches(converse("lz-analyze b 1 maxmoves 1\n"), "=\n(" + lz + "0 " + pv + "\n)+\n"));
  const std::string kata = "info move \\w+ visits \\d+ utility " + number + " winrate " + number +
                           " prior " + number + " lcb " + number + " order ";
  CHECK(matches(converse("4 kata-analyze b 1 maxmoves 1 rootInfo true\n"),
                "=4\n(" + kata + "0 " + pv + " rootInfo visits \\d+ utility " + number +
                    " winrate " + number + "\n)+\n"));
  CHECK(matches(converse("kata-analyze maxmoves 1 ownership true\n"),
                "=\n(" + kata + "0 " + pv + " ownership( " + number + "){25}\n)+\n"));
  CHECK(matches(converse("kata-analyze 1 maxmoves 1 pvVisits true\n"),
                "=\n(" + kata + "0 " + pv + " pvVisits( \\d+)+\n)+\n"));
  CHECK(reported(converse("kata-analyze minmoves 26 maxmoves 26\n")).size() % 26 == 0);
}

TEST_CASE("Avoided moves are not searched", "[tools][gtp]") {
  for (const std::string& move : reported(converse("lz-analyze b avoid b C3,D3,pass 1\n"))) {
    CHECK(move != "C3");
    CHECK(move != "D3");
    CHECK(move != "pass");
  }
  for (const std::string& move : reported(converse("lz-analyze b allow b C3,D3 1\n")))
    CHECK((move == "C3" || move == "D3"));
  CHECK_FALSE(reported(converse("lz-analyze b avoid w C3 1\n")).empty());
  // The game itself is free again afterwards.
  CHECK(last_response("lz-analyze b allow b C3 1\nplay b D3\nlist_stones b\n") == "= D3\n\n");
  CHECK(last_response("lz-genmove_analyze b allow b A1 1\n").find("play A1\n") !=
        std::string::npos);
}

TEST_CASE("Restrictions end at their depth", "[tools][gtp]") {
  const auto game = envs::make_game("go:size=2");
  const auto state = game->new_initial_state();
  const gtp::RestrictedGame restricted(game, {{0, {0, 1}, false, 3}, {1, {4}, true, 2}}, 0);
  const auto position = restricted.restrict(*state);
  std::vector<envs::Action> legal;
  const auto moves = [&] { return position->legal_actions(legal), legal; };
  CHECK(moves() == std::vector<envs::Action>{2, 3, 4});
  CHECK_FALSE(position->is_legal(0));
  position->apply(2);
  CHECK(moves() == std::vector<envs::Action>{4});
  position->apply(4);
  CHECK(moves() == std::vector<envs::Action>{3, 4});
  position->apply(3);
  CHECK(moves().size() > 1);
  const gtp::RestrictedGame nothing(game, {{0, {0, 1, 2, 3, 4}, false, 1}}, 0);
  nothing.restrict(*state)->legal_actions(legal);
  CHECK(legal.size() == 5);
}

TEST_CASE("What is cached under some restrictions is not taken under others", "[tools][gtp]") {
  const auto game = envs::make_game("go:size=2");
  const auto state = game->new_initial_state();
  std::set<std::uint64_t> keys = {state->observation_key()};
  for (const int player : {0, 1})
    for (const bool allow : {false, true})
      for (const int plies : {1, 2})
        for (const auto& actions : {std::vector<envs::Action>{1, 2}, {1}, {3}}) {
          const gtp::RestrictedGame restricted(game, {{player, actions, allow, plies}}, 0);
          keys.insert(restricted.restrict(*state)->observation_key());
        }
  CHECK(keys.size() == 25);
}

TEST_CASE("Restrictions come and go without an evaluation being forgotten", "[tools][gtp]") {
  int evaluations = 0;
  const auto cached = [&](int) {
    auto counted = std::make_unique<test::CountingEvaluator>([&](int) { ++evaluations; });
    return std::make_unique<mcts::CachingEvaluator>(std::move(counted), std::size_t{1} << 20);
  };
  gtp::Session session(test::dialogue_config("go:size=5"),
                       [&](const auto&, std::uint64_t) { return mcts::EvaluatorFactory(cached); });
  session.search_position(0);
  const int before = evaluations;
  session.restrict({{0, {12}, false, 1}});
  session.restrict({});
  CHECK(session.search_position(0).simulations == 40);  // on a new tree
  CHECK(evaluations == before);
}

TEST_CASE("Generated moves are reported and played", "[tools][gtp]") {
  for (const char* command : {"lz-genmove_analyze b 1", "kata-genmove_analyze 1 b"}) {
    const std::string answer = converse(std::string(command) + "\nlist_stones b\n");
    std::smatch played;
    REQUIRE(std::regex_search(answer, played, std::regex("\nplay (\\w+)\n\n= (\\w*)\n\n$")));
    CHECK(played[1] == (played[2] == "" ? "pass" : played[2].str()));
    CHECK(answer.rfind("=\ninfo move ", 0) == 0);
  }
  CHECK(last_response("play b pass\nplay w pass\nkata-genmove_analyze b\n") == "=\nplay pass\n\n");
}

TEST_CASE("Each move of a line is reported with its visits", "[tools][gtp]") {
  const std::string answer = converse("kata-genmove_analyze 100 maxmoves 1 pvVisits true\n");
  std::smatch parts;
  REQUIRE(std::regex_search(answer, parts,
                            std::regex("visits (\\d+) .* pv ([^\n]*) pvVisits ([^\n]*)\n")));
  std::istringstream line(parts[2]), numbers(parts[3]);
  const std::vector<std::string> moves(std::istream_iterator<std::string>(line), {});
  const std::vector<int> visits(std::istream_iterator<int>(numbers), {});
  CHECK(visits.size() == moves.size());
  CHECK(visits.size() > 1);
  CHECK(visits.front() == std::stoi(parts[1]));
  CHECK(std::is_sorted(visits.rbegin(), visits.rend()));
}

TEST_CASE("A pass that wins at once is reported", "[tools][gtp]") {
  const std::string won = "play b C3\nplay w pass\n";
  CHECK(last_response(won + "lz-genmove_analyze b\n") ==
        "=\ninfo move pass visits 1 winrate 10000 prior 10000 lcb 10000 order 0 pv pass\nplay "
        "pass\n\n");
  CHECK(last_response(won + "cgos-genmove_analyze b\n").find("\"move\":\"pass\"") !=
        std::string::npos);
}

TEST_CASE("A pass that wins at once is not played where it is forbidden", "[tools][gtp]") {
  const std::string won = "play b C3\nplay w pass\nkata-search_analyze b ";
  CHECK(last_response(won + "avoid w pass 50\n").find("\nplay pass\n") != std::string::npos);
  CHECK(last_response(won + "avoid b pass 50\n").find("\nplay pass\n") == std::string::npos);
  CHECK(last_response(won + "allow b A1 1\n").find("\nplay A1\n") != std::string::npos);
}

TEST_CASE("Behind two passes it is the turn of the side that did not pass last", "[tools][gtp]") {
  for (const int last : {0, 1}) {
    gtp::Session session(test::dialogue_config("go:size=5"), test::hash_evaluators());
    for (const int player : {1 - last, last})
      REQUIRE(session.record().play(player, session.parse_vertex("pass")));
    CHECK(gtp::parse_analysis(session, {}).player == 1 - last);
    CHECK(gtp::parse_analysis(session, {"w"}).player == 1);
  }
}

TEST_CASE("The move that would be played is reported first", "[tools][gtp]") {
  gtp::Session session(test::dialogue_config("go:size=5"), test::hash_evaluators());
  session.search_position(0);
  mcts::SearchResult result;
  for (const int visits : {30, 20, 10})
    result.actions.push_back({.action = 30 - visits, .visits = visits, .prior = 0.1f});
  const auto first = [&] {
    return reported(gtp::analysis_line(session, {}, gtp::AnalysisFormat::lz, result)).front();
  };
  CHECK(first() == session.vertex(0));
  result.choice = 10;
  CHECK(first() == session.vertex(10));
  result.actions[2].proof = mcts::Proof::win;
  CHECK(first() == session.vertex(20));
}

TEST_CASE("Reports of a generated move keep to their interval", "[tools][gtp]") {
  gtp::SessionConfig config = test::dialogue_config("go:size=5");
  config.limits.simulations = 4000;
  // One legal move is decided at once, and so is one that leads; neither is a reason to report.
  for (const char* command : {"lz-genmove_analyze b 360000 allow b C3 1\n",
                              "kata-genmove_analyze b 360000 maxmoves 1\n"}) {
    CAPTURE(command);
    CHECK(reported(converse(command, config)).size() == 1);
  }
  const std::string often = converse("lz-genmove_analyze b 0.0001 maxmoves 1\n", config);
  CHECK(reported(often).size() > 10);
}

TEST_CASE("The report for CGOS is one line of JSON", "[tools][gtp]") {
  const std::string answer = converse("cgos-genmove_analyze b\n");
  const std::size_t begin = answer.find('{'), end = answer.find("\nplay ");
  REQUIRE(end != std::string::npos);
  const auto report = nlohmann::json::parse(answer.substr(begin, end - begin));
  CHECK(report["visits"] == 40);
  CHECK(report["winrate"].is_number_float());
  CHECK(answer.substr(end) == "\nplay " + report["moves"][0]["move"].get<std::string>() + "\n\n");
}

TEST_CASE("Random games own what is walled in", "[tools][gtp]") {
  const auto game = envs::make_game("go:size=5");
  const auto state = game->new_initial_state();
  envs::go::GoState& go = *envs::go::as_go(*state);
  const std::vector<envs::Action> wall = {1, 3, 6, 8, 11, 13, 16, 18, 21, 23};
  go.set_up(wall, {}, 0);
  Rng rng(1);
  const std::vector<double> owners = envs::go::random_ownership(go.board(), 50, rng);
  CHECK(owners.size() == 25);
  for (const double owner : owners) CHECK(owner > 0.9);
}

TEST_CASE("A net's own policy and value are shown", "[tools][gtp]") {
  std::vector<int> symmetries;
  gtp::Session session(test::dialogue_config("go:size=2"), test::hash_evaluators(),
                       [&](const auto&, int symmetry) {
                         symmetries.push_back(symmetry);
                         return std::make_unique<mcts::HashEvaluator>();
                       });
  gtp::Engine engine;
  gtp::add_all_commands(engine, session);
  const std::string answer = engine.respond({"", "kata-raw-nn", {}});
  CHECK(matches(answer,
                "= symmetry 0\nwhiteWin 0\\.\\d+\nwhiteLoss 0\\.\\d+\nnoResult 0\\.0+\npolicy\n"
                "(0\\.\\d+[ \n]){4}policyPass 0\\.\\d+\n\n"));
  CHECK(engine.respond({"", "tengen-policy", {}})[0] == '=');
  symmetries.clear();
  CHECK(engine.respond({"", "kata-raw-nn", {"7"}}).rfind("= symmetry 7\n", 0) == 0);
  const std::string all = engine.respond({"", "kata-raw-nn", {"all"}});
  CHECK(all.find("\nsymmetry 7\nwhiteWin ") != std::string::npos);
  CHECK(all.find("\n\n") == all.size() - 2);
  CHECK(symmetries == std::vector<int>{7, 0, 1, 2, 3, 4, 5, 6, 7});
  for (const char* wrong : {"8", "-1", "some"})
    CHECK(engine.respond({"", "kata-raw-nn", {wrong}})[0] == '?');
}

TEST_CASE("A search without a move leaves the game as it is", "[tools][gtp]") {
  const std::string move = last_response("genmove b\n");
  CHECK(last_response("kata-search b\n") == move);
  CHECK(last_response("kata-search b\nlist_stones b\n") == "=\n\n");
  const std::string search = "kata-search_analyze b 360000 maxmoves 1\n";
  CHECK(last_response(search) == last_response("kata-genmove_analyze b 360000 maxmoves 1\n"));
  CHECK(last_response(search + "list_stones b\n") == "=\n\n");
}

TEST_CASE("Stop ends an analysis and is answered", "[tools][gtp]") {
  CHECK(converse("lz-analyze b 360000\n3 stop\n").find("\n\n=3\n\n") != std::string::npos);
}

TEST_CASE("An interrupt ends the next decision or the one in progress and no other",
          "[tools][gtp]") {
  gtp::SessionConfig config = test::dialogue_config("go:size=5");
  config.limits = {0, 3600};
  gtp::Session session(config, test::hash_evaluators());
  session.interrupt();
  CHECK(session.decide(0, false).search.simulations >= 1);
  const auto decision = session.decide(0, false, 0.01, [&](const mcts::SearchResult& result) {
    if (result.simulations > 10) session.interrupt();
  });
  CHECK(decision.action.has_value());
  CHECK(decision.search.simulations > 10);
}

TEST_CASE("An interrupt ends a search that chooses no move", "[tools][gtp]") {
  gtp::SessionConfig config = test::dialogue_config("go:size=5");
  config.limits.simulations = 2000;
  gtp::Session session(config, test::hash_evaluators());
  session.interrupt();
  CHECK(session.search_position(0).simulations < 100);
  CHECK(session.search_position(0).simulations > 100);
}
