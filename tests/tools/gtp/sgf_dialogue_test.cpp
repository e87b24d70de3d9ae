// Dialogues about games that come from files and go into files.
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "tests/support/temp_dir.hpp"
#include "tests/tools/gtp/dialogue.hpp"

using namespace tengen;
using test::last_response;

namespace {

/// The response to the last of the lines, after loadsgf of a file with this text.
std::string after_loading(const std::string& sgf, const std::string& lines,
                          const std::string& game = "go:size=9") {
  const test::TempDir directory;
  const auto path = directory / "game.sgf";
  std::ofstream(path, std::ios::binary) << sgf;
  return last_response("loadsgf " + path.string() + "\n" + lines, game);
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

/// The file that printsgf makes of a file and these lines.
std::string printed(const std::string& sgf, const std::string& lines) {
  return after_loading(sgf, lines + "printsgf\n").substr(2);
}

}  // namespace

TEST_CASE("A file is played by the rules that it names", "[tools][gtp][sgf]") {
  CHECK(after_loading(send_two("RU[Japanese]"), "") == "= white\n\n");
  CHECK(contains(after_loading(send_two("RU[Japanese]"), "kata-get-rules\n"), "TERRITORY"));
  CHECK(after_loading("(;SZ[9]RU[NZ]" + kSuicide, "list_stones b\n") == "=\n\n");
  const std::string nz = after_loading("(;SZ[9]RU[NZ]" + kSuicide, "kata-get-rules\n");
  CHECK(contains(nz, "\"ko\":\"SITUATIONAL\",\"scoring\":\"AREA\",\"suicide\":true"));
  CHECK(after_loading("(;SZ[9]RU[NZ];B[ee])", "kata-get-rules\n", "go:size=5") == nz);
  CHECK(contains(after_loading(send_two("RU[ancient-area]"), "kata-get-rules\n"), "ALL"));
  const std::string present = last_response("kata-get-rules\n", "go:size=9");
  for (const char* text : {"", "RU[]", "RU[of the house]", "RU[koSPIGHTscoreAREAsui0]"})
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

TEST_CASE("A game that is loaded and written keeps what the file says of it", "[tools][gtp][sgf]") {
  const std::string file =
      "(;GM[1]FF[4]SZ[9]KM[6.5]RU[korean]PB[Ah \\] Q]BR[1d]PW[Lu]WR[2k]EV[Cup]RO[3]DT[2024-01-02]"
      "RE[W+R]GC[two lines]TM[600];B[ee];W[dd];B[])";
  const std::string again = printed(file, "");
  for (const char* part :
       {"KM[6.5]", "RU[korean]", "PB[Ah \\] Q]", "BR[1d]", "PW[Lu]", "WR[2k]", "EV[Cup]", "RO[3]",
        "DT[2024-01-02]", "RE[W+R]", "GC[two lines]", "TM[600]", ";B[ee];W[dd];B[]"})
    CHECK(contains(again, part));
  CHECK(printed(again, "") == again);
  CHECK(contains(printed(file, "komi 3.5\n"), "PB[Ah \\] Q]"));
  CHECK(contains(printed(file, "kata-set-rules chinese\n"), "RU[Chinese]"));
  CHECK(contains(printed(file, "undo\nplay b pass\n"), "RE[W+R]"));
  CHECK_FALSE(contains(printed(file, "play w C7\n"), "RE["));
  CHECK_FALSE(contains(printed(file, "undo\nplay b A9\n"), "RE["));
  CHECK(contains(printed(file, "play w C7\n"), "PW[Lu]"));
  CHECK_FALSE(contains(printed(file, "clear_board\n"), "PB["));
}

TEST_CASE("A game is loaded with the rules that it was played by", "[tools][gtp][sgf]") {
  const std::string moves = "komi 5.5\nfixed_handicap 3\nplay w D4\nplay b E6\nplay w pass\n";
  for (const char* rules :
       {"aga", "japanese", "new-zealand", "tromp-taylor", "aga-button", "ing",
        "{\"ko\":\"SIMPLE\",\"suicide\":true,\"friendlyPassOk\":false}",
        "{\"ko\":\"SITUATIONAL\",\"hasButton\":true,\"whiteHandicapBonus\":\"N\"}"}) {
    CAPTURE(rules);
    const std::string lines = moves + "kata-set-rules " + rules + "\n";
    const std::string written = last_response(lines + "printsgf\n", "go:size=9");
    for (const char* question :
         {"printsgf\n", "kata-get-rules\n", "get_komi\n", "showboard\n", "final_score\n"})
      CHECK(after_loading(written, question, "go:size=7") ==
            last_response(lines + question, "go:size=9"));
  }
}

TEST_CASE("loadsgf names the side to move", "[tools][gtp][sgf]") {
  CHECK(after_loading("(;SZ[9];B[ee])", "") == "= white\n\n");
  CHECK(after_loading("(;SZ[9];B[ee];W[])", "") == "= black\n\n");
  CHECK(after_loading("(;SZ[9];B[ee];PL[B])", "") == "= black\n\n");
  // Of games that are over too.
  CHECK(after_loading("(;SZ[9];B[ee];W[];B[])", "") == "= white\n\n");
  CHECK(after_loading("(;SZ[9];B[ee];W[dd];B[];W[])", "") == "= black\n\n");
}

TEST_CASE("Prisoners taken before set-up stones count", "[tools][gtp][sgf]") {
  const std::string file = "(;SZ[9]KM[0]RU[Japanese];B[ab];W[aa];B[ba];W[gg];AE[gg];B[cc])";
  const std::string captures = "captures: X 1, O 0";
  CHECK(contains(after_loading(file, "showboard\n"), captures));
  CHECK(contains(after_loading(file, "kata-set-rules korean\nshowboard\n"), captures));
  CHECK(contains(after_loading(printed(file, ""), "showboard\n"), captures));
}

TEST_CASE("The komi of a file stays until another is set", "[tools][gtp][sgf]") {
  const std::string file = "(;SZ[9]KM[3.5];B[ee])";
  CHECK(after_loading(file, "get_komi\n") == "= 3.5\n\n");
  CHECK(after_loading(file, "clear_board\nget_komi\n") == "= 3.5\n\n");
  CHECK(after_loading(file, "clear_board\nget_komi\n", "go:size=5,komi=9") == "= 3.5\n\n");
  CHECK(after_loading(file, "komi 5.5\nclear_board\nget_komi\n") == "= 5.5\n\n");
}

TEST_CASE("A file name may have spaces", "[tools][gtp][sgf]") {
  const test::TempDir directory;
  const std::string path = directory / "my game 2.sgf";
  CHECK(last_response("play b C3\nprintsgf " + path + "\nclear_board\nplay w A1\nloadsgf " + path +
                      "\nlist_stones b\n") == "= C3\n\n");
  CHECK(last_response("play b C3\nprintsgf " + path + "\nloadsgf " + path +
                      " 1\nlist_stones b\n") == "=\n\n");
  CHECK(last_response("loadsgf\n") == "? syntax error\n\n");
  CHECK(last_response("loadsgf " + path + " x\n") == "? syntax error\n\n");
}

TEST_CASE("Games other than Go have no SGF files", "[tools][gtp][sgf]") {
  for (const char* command : {"printsgf\n", "loadsgf /nonexistent.sgf\n"})
    CHECK(last_response(command, "connect_four") == "? this game has no SGF files\n\n");
}
