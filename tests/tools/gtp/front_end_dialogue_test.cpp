// Dialogues about rules, and what front ends and servers ask for.
#include <catch2/catch.hpp>
#include <regex>
#include <string>
#include <vector>

#include "tests/tools/gtp/dialogue.hpp"

using namespace tengen;
using test::last_response;

namespace {

bool matches(const std::string& text, const std::string& pattern) {
  return std::regex_match(text, std::regex(pattern));
}

}  // namespace

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
  for (const char* text :
       {"stone-scoring", "ancient_area", "ancient_territory", "{\"tax\":\"ALL\"}"})
    CHECK(rules(text).find("\"tax\":\"ALL\"") != std::string::npos);
  CHECK(rules("ancient-territory\nkata-set-rule tax NONE")
            .find("\"scoring\":\"TERRITORY\",\"suicide\":false,\"tax\":\"NONE\"") !=
        std::string::npos);
  for (const char* text : {"", "nonsense", "{", "{\"ko\":\"NEVER\"}", "{\"suicide\":3}",
                           "{\"x\":1}", "{\"tax\":\"SOME\"}"})
    CHECK(last_response(std::string("kata-set-rules ") + text + "\n")[0] == '?');
  for (const char* text : {"tromptaylor", "Tromp Taylor", "newzealand", "NEW_ZEALAND", "chineseogs",
                           "chinese_kgs", "agabutton", "Japanese rules"})
    CHECK(last_response(std::string("kata-set-rules ") + text + "\n") == "=\n\n");
  CHECK(rules("tromptaylor") == rules("tromp-taylor"));
  CHECK(last_response("gogui-setup b C3\nkata-set-rules stone-scoring\nkomi 0\nfinal_score\n") ==
        "= B+23\n\n");  // 25 points less two eyes
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

TEST_CASE("The last move of this game is explained and no other", "[tools][gtp]") {
  const std::string explain = "gomill-explain_last_move\n", searched = "kata-search b\n";
  CHECK(last_response(searched + explain).find(" 40 simulations ") != std::string::npos);
  const std::string won = "play b C3\nplay w pass\ngenmove b\n";
  CHECK(last_response(searched + won + explain).rfind("= winrate 100.0%, 1 simulations", 0) == 0);
  for (const char* lines : {"play b pass\nplay w pass\ngenmove b\n", "gogui-setup b A1\n",
                            "set_free_handicap A1 B2\n", "clear_board\n"}) {
    CAPTURE(lines);
    CHECK(last_response(searched + lines + explain) == "=\n\n");
  }
}

TEST_CASE("Lines are as long as people read them", "[tools][gtp]") {
  const gtp::Session session(test::dialogue_config("connect_four"), test::hash_evaluators());
  CHECK(session.line_text({}) == "");
  CHECK(session.line_text({3, 0}) == "4 1");
  CHECK(session.line_text(std::vector<envs::Action>(15, 0)) == "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1");
  CHECK(session.line_text(std::vector<envs::Action>(16, 0)) == "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 ...");
}
