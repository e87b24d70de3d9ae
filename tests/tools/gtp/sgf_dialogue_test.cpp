// Dialogues about games that come from files and go into files.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/tools/gtp/dialogue.hpp"
#include "tools/gtp/go_rules.hpp"

using namespace tengen;
using test::last_response;

namespace {

/// The response to the last of the lines, after loadsgf of a file with this text.
std::string after_loading(const std::string& sgf, const std::string& lines,
                          const std::string& game = "go:size=9") {
  const auto path = std::filesystem::temp_directory_path() / "tengen_sgf_dialogue.sgf";
  std::ofstream(path, std::ios::binary) << sgf;
  const std::string answer = last_response("loadsgf " + path.string() + "\n" + lines, game);
  std::filesystem::remove(path);
  return answer;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Black's third move restores the position of the start, by taking one stone for two.
std::string send_two(const std::string& rules) {
  return "(;SZ[9]" + rules + "AB[ba][da][cb]AW[ab][bb]PL[B];B[aa];W[ca];B[ba])";
}

/// Black's move takes two black stones off the board.
const std::string kSuicide = "AB[aa]AW[ab][bb][ca]PL[B];B[ba])";

}  // namespace

TEST_CASE("A file is played by the rules that it names", "[tools][gtp][sgf]") {
  CHECK(after_loading(send_two("RU[Japanese]"), "") == "= white\n\n");
  CHECK(contains(after_loading(send_two("RU[Japanese]"), "kata-get-rules\n"), "TERRITORY"));
  CHECK(after_loading("(;SZ[9]RU[NZ]" + kSuicide, "list_stones b\n") == "=\n\n");
  const std::string nz = after_loading("(;SZ[9]RU[NZ]" + kSuicide, "kata-get-rules\n");
  CHECK(contains(nz, "\"ko\":\"SITUATIONAL\",\"scoring\":\"AREA\",\"suicide\":true"));
  CHECK(after_loading("(;SZ[9]RU[NZ];B[ee])", "kata-get-rules\n", "go:size=5") == nz);
  const std::string present = last_response("kata-get-rules\n", "go:size=9");
  for (const char* text : {"", "RU[]", "RU[of the house]", "RU[ancient-area]"})
    CHECK(after_loading(send_two(text), "kata-get-rules\n") == present);
}

TEST_CASE("Moves of a file are executed even if they are illegal", "[tools][gtp][sgf]") {
  CHECK(after_loading(send_two(""), "list_stones b\n") == "= B9 D9 C8\n\n");
  CHECK(after_loading(send_two(""), "undo\nlist_stones w\n") == "= C9 A8 B8\n\n");
  CHECK(after_loading(send_two(""), "komi 3.5\nkata-set-rules aga\nlist_stones b\n") ==
        "= B9 D9 C8\n\n");
  CHECK(after_loading("(;SZ[9]RU[Chinese]" + kSuicide, "list_stones b\n") == "=\n\n");
  CHECK(after_loading("(;SZ[9]RU[Chinese]" + kSuicide, "play w A9\nundo\nundo\nplay b B9\n") ==
        "? illegal move\n\n");
  CHECK(after_loading(send_two(""), "genmove w\n")[0] == '=');
}

TEST_CASE("The rules that a file names are those that it was written with", "[tools][gtp][sgf]") {
  const auto rules = [](const std::string& text) { return gtp::rules_from_text({}, text); };
  for (const char* text : {"AGA",
                           "GOE",
                           "Japanese",
                           "NZ",
                           "Chinese",
                           "chinese",
                           "Tromp-Taylor",
                           "tromptaylor",
                           "Korean",
                           "New Zealand",
                           "cgos",
                           "aga-button",
                           "chinese-ogs",
                           "BGA",
                           "Ing rules",
                           "koSIMPLEscoreTERRITORYtaxSEKIsui0",
                           "koPOSITIONALscoreAREAsui1komi7.5",
                           "koSITUATIONALscoreAREAtaxNONEsui1button1whbN-1fpok1",
                           "koSIMPLEscoreTERRITORYtaxSEKIsui1whbN",
                           "{\"ko\":\"SITUATIONAL\"}"}) {
    CAPTURE(text);
    CHECK(rules_to_json(rules(rules_to_sgf(rules(text)))) == rules_to_json(rules(text)));
  }
  CHECK(rules_to_sgf(rules("new_zealand")) == "NZ");
  CHECK(rules_to_sgf(rules("ing")) == "GOE");
  CHECK(rules_to_sgf(rules("koSIMPLEscoreAREAtaxNONEsui0")) == "koSIMPLEscoreAREAtaxNONEsui0");
  const std::string fields = "koSITUATIONALscoreAREAtaxNONEsui1button1whbN-1fpok1";
  CHECK(rules_to_sgf(rules(fields)) == fields);
  CHECK(rules_to_json(gtp::rules_from_text(rules(fields), "koSIMPLEscoreAREAsui0")) ==
        rules_to_json(rules("koSIMPLEscoreAREAsui0")));
  for (const char* text : {"koNEVERscoreAREAsui0", "koSPIGHTscoreAREAsui0", "koSIMPLEscoreLOTS",
                           "koSIMPLEscoreAREAtaxALLsui0", "rules", ""})
    CHECK_THROWS_AS(rules(text), gtp::Failure);
}
