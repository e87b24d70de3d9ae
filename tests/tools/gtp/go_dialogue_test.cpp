// Dialogues about Go: the answers are those of the GTP specification, worked out by hand.
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <thread>

#include "tests/support/temp_dir.hpp"
#include "tests/tools/gtp/dialogue.hpp"

using namespace tengen;
using test::converse;
using test::last_response;

namespace {

/// Black C3 takes the stone on B3; White may not take back at once.
const std::string kKo =
    "play b B4\nplay b A3\nplay b B2\nplay w C4\nplay w D3\nplay w C2\nplay w B3\nplay b C3\n";

/// One evaluation outlasts the shortest slice of analysis.
class SlowEvaluator : public mcts::HashEvaluator {
 public:
  void evaluate(std::span<mcts::EvalItem> items) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    mcts::HashEvaluator::evaluate(items);
  }
};

}  // namespace

TEST_CASE("A dialogue of set-up commands", "[tools][gtp]") {
  CHECK(converse("1 protocol_version\n2 name\n3 boardsize 7\n4 komi 6.5\n5 clear_board\n") ==
        "=1 2\n\n=2 Tengen\n\n=3\n\n=4\n\n=5\n\n");
}

TEST_CASE("Sizes and komi out of bounds are refused and change nothing", "[tools][gtp]") {
  for (const char* size : {"0", "1", "26", "-3", "1000"})
    CHECK(last_response(std::string("boardsize ") + size + "\n") == "? unacceptable size\n\n");
  CHECK(last_response("boardsize\n") == "? syntax error\n\n");
  CHECK(last_response("boardsize nine\n") == "? syntax error\n\n");
  CHECK(last_response("komi five\n") == "? syntax error\n\n");
  CHECK(last_response("komi 6.25\n") == "? unacceptable komi\n\n");
  CHECK(last_response("play b C3\nboardsize 99\nlist_stones b\n") == "= C3\n\n");
}

TEST_CASE("Illegal and malformed moves are refused and the game goes on", "[tools][gtp]") {
  CHECK(last_response("play b C3\nplay w C3\n") == "? illegal move\n\n");
  CHECK(last_response("play b Z9\n") == "? syntax error\n\n");
  CHECK(last_response("play b I3\n") == "? syntax error\n\n");
  CHECK(last_response("play red C3\n") == "? syntax error\n\n");
  CHECK(last_response("play b\n") == "? syntax error\n\n");
  CHECK(last_response("play b C3 D3\n") == "? syntax error\n\n");
  CHECK(last_response("play b C3\nplay w C3\nplay w d3\nlist_stones w\n") == "= D3\n\n");
}

TEST_CASE("Suicide and ko recapture are illegal", "[tools][gtp]") {
  CHECK(last_response("play b A2\nplay b B1\nplay w A1\n") == "? illegal move\n\n");
  CHECK(last_response(kKo + "list_stones w\n") == "= C4 D3 C2\n\n");
  CHECK(last_response(kKo + "play w B3\n") == "? illegal move\n\n");
  CHECK(last_response(kKo + "play w E5\nplay b E1\nplay w B3\n") == "=\n\n");
}

TEST_CASE("Thinking for a colour does not give it the move", "[tools][gtp]") {
  for (const char* thought : {"reg_genmove b\n", "lz-analyze b 1\n"}) {
    const std::string lines = kKo + thought;
    CHECK(last_response(lines + "play w B3\n", "go:size=5,ko=simple") == "? illegal move\n\n");
    CHECK(last_response(lines + "undo\nlist_stones w\n", "go:size=5,ko=simple") ==
          "= C4 B3 D3 C2\n\n");
  }
  gtp::SessionConfig config = test::dialogue_config("go:size=5,ko=simple");
  config.resign_value = 1;  // always
  const std::string answer = converse(kKo + "genmove b\nplay w B3\nkomi 5\n", config);
  CHECK(answer.find("= resign\n\n? illegal move\n\n=\n\n") != std::string::npos);
}

TEST_CASE("A game goes on beyond the ply limit of self-play", "[tools][gtp]") {
  const std::string game = "go:size=5,max_plies=4";
  const std::string four = "play b A1\nplay w B1\nplay b C1\nplay w D1\n";
  CHECK(last_response(four + "play b E1\nlist_stones b\n", game) == "= A1 C1 E1\n\n");
  CHECK(last_response(four + "genmove b\nundo\nplay b E1\nundo\nlist_stones w\n", game) ==
        "= B1 D1\n\n");
  CHECK(last_response(four + "komi 3\nplay b E1\n", game) == "=\n\n");
  CHECK(last_response("set_free_handicap A5 E5\n" + four + "play w E1\n", game) == "=\n\n");
  CHECK(last_response(four + "clear_board\n" + four + "lz-analyze b 1\n", game)
            .rfind("=\ninfo move ", 0) == 0);
}

TEST_CASE("One colour may move twice in a row", "[tools][gtp]") {
  CHECK(last_response("play b C3\nplay b D3\nlist_stones b\n") == "= C3 D3\n\n");
  CHECK(last_response("play w C3\nlist_stones w\n") == "= C3\n\n");
  CHECK(last_response("play b C3\nplay b D3\nundo\nlist_stones b\n") == "= C3\n\n");
}

TEST_CASE("Undo takes back moves until there are none", "[tools][gtp]") {
  CHECK(last_response("undo\n") == "? cannot undo\n\n");
  CHECK(last_response("play b C3\nundo\nlist_stones b\n") == "=\n\n");
  CHECK(last_response("play b C3\nundo\nundo\n") == "? cannot undo\n\n");
  CHECK(last_response("play b pass\nplay w pass\nplay b pass\nundo\nundo\nundo\nundo\n") ==
        "? cannot undo\n\n");
  CHECK(last_response("genmove b\nundo\nlist_stones b\n") == "=\n\n");
}

TEST_CASE("Play goes on after two passes", "[tools][gtp]") {
  CHECK(last_response("play b pass\nplay w pass\nplay b C3\nlist_stones b\n") == "= C3\n\n");
  const std::string over = "play b pass\nplay w pass\n";
  CHECK(last_response(over + "genmove b\nundo\nundo\nundo\nundo\n") == "? cannot undo\n\n");
  CHECK(last_response(over + "genmove b\nplay b C3\nundo\nundo\nlist_stones b\n") == "=\n\n");
}

TEST_CASE("Genmove passes in a game that is over and leaves it over", "[tools][gtp]") {
  const std::string over = "play b pass\nplay w pass\n";
  CHECK(last_response(over + "genmove b\n") == "= pass\n\n");
  CHECK(last_response(over + "genmove b\ngenmove w\n") == "= pass\n\n");
  CHECK(last_response(over + "genmove b\nshowboard\n").find("to move") == std::string::npos);
}

TEST_CASE("The area and the komi make the final score", "[tools][gtp]") {
  CHECK(last_response("komi 0.5\nfinal_score\n") == "= W+0.5\n\n");
  CHECK(last_response("komi 0\nfinal_score\n") == "= 0\n\n");
  CHECK(last_response("komi 7.5\nplay b C3\nfinal_score\n") == "= B+17.5\n\n");
  CHECK(last_response("play b C3\nkomi 30\nfinal_score\n") == "= W+5\n\n");
  CHECK(last_response("komi 3\nclear_board\nfinal_score\n") == "= W+3\n\n");
}

TEST_CASE("Fixed handicap stones stand where GTP says", "[tools][gtp]") {
  CHECK(last_response("fixed_handicap 2\n", "go:size=9") == "= C3 G7\n\n");
  CHECK(last_response("fixed_handicap 5\n", "go:size=19") == "= D4 Q16 D16 Q4 K10\n\n");
  CHECK(last_response("fixed_handicap 1\n", "go:size=9") == "? invalid number of stones\n\n");
  CHECK(last_response("fixed_handicap 10\n", "go:size=9") == "? invalid number of stones\n\n");
  CHECK(last_response("fixed_handicap 5\n", "go:size=8") == "? invalid number of stones\n\n");
  CHECK(last_response("fixed_handicap two\n", "go:size=9") == "? syntax error\n\n");
  CHECK(last_response("play b C3\nfixed_handicap 2\n", "go:size=9") == "? board not empty\n\n");
  CHECK(last_response("fixed_handicap 2\nfixed_handicap 2\n", "go:size=9") ==
        "? board not empty\n\n");
}

TEST_CASE("Free handicap is placed or set", "[tools][gtp]") {
  CHECK(last_response("place_free_handicap 2\n", "go:size=9") == "= C3 G7\n\n");
  CHECK(last_response("place_free_handicap 12\nlist_stones w\n", "go:size=9") == "=\n\n");
  CHECK(last_response("set_free_handicap A1 B2 C3\nlist_stones b\n") == "= C3 B2 A1\n\n");
  CHECK(last_response("set_free_handicap A1\n") == "? bad vertex list\n\n");
  CHECK(last_response("set_free_handicap A1 A1\n") == "? bad vertex list\n\n");
  CHECK(last_response("set_free_handicap A1 pass\n") == "? bad vertex list\n\n");
  CHECK(last_response("set_free_handicap A1 Q7\n") == "? bad vertex list\n\n");
  CHECK(last_response("set_free_handicap A1 B2\nclear_board\nlist_stones b\n") == "=\n\n");
  CHECK(last_response("set_free_handicap A1 B2\nundo\n") == "? cannot undo\n\n");
}

TEST_CASE("All stones are alive by status", "[tools][gtp]") {
  const std::string moves = "play b C3\nplay w D4\n";
  CHECK(last_response(moves + "final_status_list alive\n") == "= C3\nD4\n\n");
  CHECK(last_response(moves + "final_status_list dead\n") == "=\n\n");
  CHECK(last_response(moves + "final_status_list happy\n") == "? syntax error\n\n");
}

TEST_CASE("Clock commands are taken and refused", "[tools][gtp]") {
  CHECK(last_response("time_settings 60 10 5\n") == "=\n\n");
  CHECK(last_response("time_settings 60 10\n") == "? syntax error\n\n");
  CHECK(last_response("time_settings -1 0 0\n") == "? syntax error\n\n");
  CHECK(last_response("time_left b 12 0\n") == "=\n\n");
  CHECK(last_response("time_left b soon 0\n") == "? syntax error\n\n");
  CHECK(last_response("time_left b 12 -1\n") == "? syntax error\n\n");
  for (const char* text : {"none", "absolute 300", "byoyomi 300 10 5", "canadian 300 60 25"})
    CHECK(last_response(std::string("kgs-time_settings ") + text + "\n") == "=\n\n");
  CHECK(last_response("kgs-time_settings fischer 300 5\n") == "? syntax error\n\n");
}

TEST_CASE("Periods of Japanese overtime are not stones", "[tools][gtp]") {
  gtp::Session session(test::dialogue_config("go:size=5"), test::hash_evaluators());
  gtp::Engine engine;
  gtp::add_all_commands(engine, session);
  engine.respond({"", "kgs-time_settings", {"byoyomi", "0", "30", "5"}});
  engine.respond({"", "time_left", {"b", "30", "5"}});
  CHECK(session.clock().budget(0, 10) == session.clock().budget(1, 10));
  CHECK(*session.clock().budget(0, 10) == 29);
}

TEST_CASE("A clock below zero is an empty one", "[tools][gtp]") {
  gtp::Session session(test::dialogue_config("go:size=5"), test::hash_evaluators());
  gtp::Engine engine;
  gtp::add_all_commands(engine, session);
  engine.respond({"", "time_settings", {"60", "0", "0"}});
  CHECK(engine.respond({"", "time_left", {"b", "-1.5", "0"}}) == "=\n\n");
  CHECK(session.clock().budget(0, 10) == mcts::TimeControl::kSmallestBudget);
}

TEST_CASE("Neither a new size nor a new game touches the komi", "[tools][gtp]") {
  const std::string with_komi = "go:size=5,komi=5.5";
  for (const char* lines : {"boardsize 9\n", "clear_board\n", "boardsize 9\nclear_board\n",
                            "boardsize 5\n", "rectangular_boardsize 5 7\n"}) {
    CAPTURE(lines);
    CHECK(last_response(lines + std::string("get_komi\n"), with_komi) == "= 5.5\n\n");
    CHECK(last_response("komi 0.5\n" + std::string(lines) + "get_komi\n") == "= 0.5\n\n");
  }
  // Where the game is described anew, its komi is.
  CHECK(last_response("komi 0.5\ntengen-game go:size=9,komi=6.5\nget_komi\n") == "= 6.5\n\n");
  CHECK(last_response("komi 0.5\ntengen-game chess\nclear_board\nget_komi\n") == "= 0.5\n\n");
  // What nobody chose follows the size.
  CHECK(last_response("boardsize 7\nget_komi\n", "go:size=9") == "= 8.5\n\n");
}

TEST_CASE("Analysis reports moves and ends with an empty line", "[tools][gtp]") {
  const std::string answer = converse("7 lz-analyze b 1\nname\n");
  CHECK(answer.rfind("=7\ninfo move ", 0) == 0);
  CHECK(answer.find(" visits ") != std::string::npos);
  CHECK(answer.find("\n\n= Tengen\n\n") == answer.size() - 12);
  CHECK(last_response("lz-analyze b never\n") == "? syntax error\n\n");
}

TEST_CASE("Analysis that has only evaluated its root prints no empty line", "[tools][gtp]") {
  const gtp::EvaluatorMaker slow = [](const std::shared_ptr<const envs::Game>&, std::uint64_t) {
    return [](int) { return std::make_unique<SlowEvaluator>(); };
  };
  const gtp::SessionConfig config = test::dialogue_config("go:size=5");
  const std::string answer = converse("7 lz-analyze b 1\nname\n", config, slow);
  CHECK(answer.find("\n\n") == answer.find("\n\n= Tengen\n\n"));
}

TEST_CASE("A game in a file is set up before the move asked for", "[tools][gtp]") {
  const test::TempDir directory;
  const auto path = directory / "game.sgf";
  std::ofstream(path) << "(;FF[4]GM[1]SZ[7]KM[4.5];B[dd];W[cc];B[ee])";
  const std::string load = "loadsgf " + path.string();
  CHECK(last_response(load + "\nlist_stones b\n") == "= D4 E3\n\n");
  CHECK(last_response(load + "\n") == "= white\n\n");
  CHECK(last_response(load + " 3\nlist_stones b\n") == "= D4\n\n");
  CHECK(last_response(load + " 1\nlist_stones b\n") == "=\n\n");
  CHECK(last_response(load + " 1\nfinal_score\n") == "= W+4.5\n\n");
  CHECK(last_response(load + "\nundo\nlist_stones b\n") == "= D4\n\n");
  std::ofstream(path) << "(;FF[4]GM[1]SZ[7];B[dd];W[];B[];B[ee])";
  CHECK(last_response(load + "\nlist_stones b\n", "go:size=7,max_plies=2") == "= D4 E3\n\n");
  std::ofstream(path) << "(;FF[4]GM[1]SZ[7];B[dd];W[dh])";
  CHECK(last_response("play b A1\n" + load + "\nlist_stones b\n") == "= A1\n\n");
  CHECK(last_response(load + "\n").rfind("? cannot load file", 0) == 0);
  CHECK(last_response("loadsgf /nonexistent.sgf\n").rfind("? cannot load file", 0) == 0);
}
