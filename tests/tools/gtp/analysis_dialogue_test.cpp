// Dialogues about analysis and the extensions that front ends and servers use.
#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>

#include "engine/base/error.hpp"
#include "envs/go/go_state.hpp"
#include "envs/registry.hpp"
#include "tests/tools/gtp/dialogue.hpp"
#include "tests/tools/run_cli.hpp"
#include "tools/gtp/analysis.hpp"
#include "tools/gtp/go_rules.hpp"
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

TEST_CASE("Rules are set by name and by field", "[tools][gtp]") {
  const auto rules = [](const std::string& text) {
    return last_response("kata-set-rules " + text + "\nkata-get-rules\n");
  };
  CHECK(rules("tromp-taylor").find("\"ko\":\"POSITIONAL\",\"scoring\":\"AREA\",\"suicide\":true") !=
        std::string::npos);
  CHECK(rules("chinese").find("\"ko\":\"SIMPLE\"") != std::string::npos);
  CHECK(rules("{\"ko\": \"SITUATIONAL\", \"whiteHandicapBonus\": \"N\"}")
            .find("\"whiteHandicapBonus\":\"N\"") != std::string::npos);
  CHECK(
      rules("japanese") ==
      "= {\"friendlyPassOk\":true,\"hasButton\":false,\"ko\":\"SIMPLE\",\"scoring\":\"TERRITORY\","
      "\"suicide\":false,\"tax\":\"SEKI\",\"whiteHandicapBonus\":\"0\"}\n\n");
  CHECK(rules("aga_button").find("\"hasButton\":true") != std::string::npos);
  CHECK(rules("aga").find("\"whiteHandicapBonus\":\"N-1\"") != std::string::npos);
  CHECK(rules("{\"scoring\":\"TERRITORY\"}").find("\"tax\":\"SEKI\"") != std::string::npos);
  for (const char* text : {"stone-scoring", "ancient_territory", "{\"tax\":\"SEKI\"}",
                           "{\"scoring\":\"TERRITORY\",\"tax\":\"ALL\"}"})
    CHECK(last_response(std::string("kata-set-rules ") + text + "\n").find("does not have") !=
          std::string::npos);
  for (const char* text :
       {"", "nonsense", "{", "{\"ko\":\"NEVER\"}", "{\"suicide\":3}", "{\"x\":1}"})
    CHECK(last_response(std::string("kata-set-rules ") + text + "\n")[0] == '?');
  for (const char* text : {"tromptaylor", "Tromp Taylor", "newzealand", "NEW_ZEALAND", "chineseogs",
                           "chinese_kgs", "agabutton", "Japanese rules"})
    CHECK(last_response(std::string("kata-set-rules ") + text + "\n") == "=\n\n");
  CHECK(rules("tromptaylor") == rules("tromp-taylor"));
  CHECK(last_response("kgs-rules japanese\n") == "=\n\n");
  CHECK(last_response("kgs-rules new_zealand\n") == "=\n\n");
}

TEST_CASE("New rules keep the game and decide what is legal", "[tools][gtp]") {
  const std::string moves = "komi 3.5\nplay b A2\nplay b B1\nplay b C3\n";
  CHECK(last_response(moves + "kata-set-rules tromp-taylor\nlist_stones b\n") == "= C3 A2 B1\n\n");
  CHECK(last_response(moves + "kata-set-rules chinese\nget_komi\n") == "= 3.5\n\n");
  CHECK(last_response(moves +
                      "kata-set-rule ko SIMPLE\nkata-set-rule suicide true\nis_legal w A1\n") ==
        "= 1\n\n");
  CHECK(last_response(moves + "is_legal w A1\n") == "= 0\n\n");
  CHECK(last_response("set_free_handicap A1 B2\nkata-set-rules chinese\nlist_stones b\n") ==
        "= B2 A1\n\n");
}

TEST_CASE("A sequence is played as a whole or not at all", "[tools][gtp]") {
  CHECK(last_response("gogui-play_sequence b C3 w D4 b pass\nlist_stones b\n") == "= C3\n\n");
  CHECK(last_response("play b A1\ngogui-play_sequence w C3 b C3\nlist_stones w\n") == "=\n\n");
  CHECK(last_response("gogui-play_sequence b\n") == "? syntax error\n\n");
  CHECK(last_response("gogui-setup b A1 w B2 b C3\nlist_stones b\n") == "= C3 A1\n\n");
  CHECK(last_response("gogui-setup b A1 b A1\n")[0] == '?');
  const std::string white = "gogui-setup b A1\ngogui-setup_player w\n";
  CHECK(last_response(white + "gogui-rules_side_to_move\n") == "= white\n\n");
  CHECK(last_response(white + "komi 3.5\nkata-set-rules chinese\ngogui-rules_side_to_move\n") ==
        "= white\n\n");
  CHECK(last_response(white + "printsgf\n").find("AB[ae]PL[W]") != std::string::npos);
}

TEST_CASE("GoGui is shown any game as a board", "[tools][gtp]") {
  CHECK(last_response("play b b2\ngogui-rules_board\n", "tic_tac_toe") ==
        "= . . .\n. X .\n. . .\n\n");
  CHECK(last_response("play b 1\nplay w 1\ngogui-rules_board\n", "connect_four") ==
        "= . . . . . . .\n. . . . . . .\n. . . . . . .\n. . . . . . .\nO . . . . . .\nX . . . . . "
        ".\n\n");
  CHECK(last_response("gogui-rules_game_id\n", "connect_four") == "= Connectfour\n\n");
  CHECK(last_response("gogui-rules_board_size\n", "connect_four") == "= 7 6\n\n");
  CHECK(last_response("gogui-rules_legal_moves\n", "connect_four") == "= 1 2 3 4 5 6 7\n\n");
  CHECK(last_response("gogui-rules_side_to_move\n", "tic_tac_toe") == "= black\n\n");
  const std::string won = "play b 1\nplay w 2\nplay b 1\nplay w 2\nplay b 1\nplay w 2\nplay b 1\n";
  CHECK(last_response(won + "gogui-rules_final_result\n", "connect_four") == "= Black wins\n\n");
  CHECK(last_response(won + "gogui-rules_legal_moves\n", "connect_four") == "=\n\n");
}

TEST_CASE("Colour maps have a word for each point", "[tools][gtp]") {
  for (const char* map : {"tengen-visits", "tengen-value"})
    CHECK(matches(last_response(std::string(map) + "\n", "go:size=2"),
                  "= ((#[0-9a-f]{6}|\"\")[ \n]){4}\n"));
  CHECK(matches(last_response("tengen-ownership\n", "go:size=2"), "= (-?\\d\\.\\d{3}[ \n]){4}\n"));
  CHECK(last_response("tengen-policy\n")[0] == '?');  // no net
  CHECK(last_response("kata-raw-nn 0\n") == "? no net is loaded: start with --net\n\n");
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

TEST_CASE("Legal moves are listed and several moves taken back", "[tools][gtp]") {
  CHECK(last_response("play b A1\nall_legal w\n", "go:size=2") == "= A2 B2 B1\n\n");
  CHECK(last_response("is_legal b pass\n") == "= 1\n\n");
  CHECK(last_response("play b C3\nis_legal w C3\n") == "= 0\n\n");
  const std::string three = "play b A1\nplay w B2\nplay b C3\n";
  CHECK(last_response(three + "gg-undo 2\nlist_stones b\n") == "= A1\n\n");
  CHECK(last_response(three + "gg-undo 4\n") == "? cannot undo\n\n");
  CHECK(last_response(three + "gg-undo 4\nlist_stones b\n") == "= C3 A1\n\n");
  CHECK(last_response(three + "printsgf\n").find(";B[ae];W[bd];B[cc])") != std::string::npos);
  CHECK(last_response("rectangular_boardsize 3 5\nplay b C5\nlist_stones b\n") == "= C5\n\n");
  CHECK(last_response("rectangular_boardsize 3\n") == "? syntax error\n\n");
}

TEST_CASE("Servers are answered", "[tools][gtp]") {
  CHECK(last_response("kgs-game_over\n") == "=\n\n");
  CHECK(last_response("kgs-chat game me hello there\n").rfind("= This is Tengen", 0) == 0);
  CHECK(last_response("kgs-chat shout\n") == "? syntax error\n\n");
  CHECK(last_response("kgs-genmove_cleanup b\nundo\n") == "=\n\n");
  CHECK(last_response("gomill-explain_last_move\n") == "=\n\n");
  CHECK(last_response("gomill-describe_engine\n").rfind("= Tengen ", 0) == 0);
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
