#include "envs/go/sgf.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"
#include "envs/go/go_state.hpp"
#include "tests/support/go_diagram.hpp"

using namespace tengen;
using namespace tengen::envs;
using namespace tengen::envs::go;
using Catch::Matchers::Contains;

TEST_CASE("SGF gives the main line with names and rules", "[envs][go][sgf]") {
  const SgfGame game = parse_sgf(
      "text before (;GM[1]FF[4]SZ[9]KM[6.5]HA[2]PB[A \\] B]PW[W]RE[W+3.5]RU[Chinese]DT[2024-01-02]"
      "AB[cc][gg]PL[W]C[a (comment; with \\] signs]\n;W[ee];B[])");
  CHECK(game.width == 9);
  CHECK(game.komi == 6.5);
  CHECK(game.handicap == 2);
  CHECK(game.black_name == "A ] B");
  CHECK(game.white_name == "W");
  CHECK(game.result == "W+3.5");
  CHECK(game.rules == "Chinese");
  CHECK(game.date == "2024-01-02");
  CHECK(game.black == std::vector<Action>{20, 60});
  CHECK(game.to_move == 1);
  CHECK(game.moves == std::vector<SgfMove>{{1, 40}, {0, 81}});
}

TEST_CASE("SGF follows the first variation", "[envs][go][sgf]") {
  const SgfGame game = parse_sgf("(;SZ[5];B[aa](;W[bb];B[cc](;W[dd])(;W[ee]))(;W[ca]))(;SZ[7])");
  CHECK(game.moves == std::vector<SgfMove>{{0, 0}, {1, 6}, {0, 12}, {1, 18}});
}

TEST_CASE("SGF reads sizes and rectangles of stones and old passes", "[envs][go][sgf]") {
  const SgfGame game = parse_sgf("(;SZ[4:3]AB[aa:bb]AE[ba]AW[dc];Black[tt];White[da])");
  CHECK(game.width == 4);
  CHECK(game.height == 3);
  CHECK(game.black == std::vector<Action>{0, 4, 5});
  CHECK(game.white == std::vector<Action>{11});
  CHECK(game.moves == std::vector<SgfMove>{{0, 12}, {1, 3}});
  CHECK(parse_sgf("(;;B[ss])").width == 19);
  CHECK(parse_sgf("(;SZ[];B[ss])").width == 19);
  CHECK(parse_sgf("(;SZ[9]HA[3])").to_move == 1);
}

TEST_CASE("Malformed SGF is refused with the place", "[envs][go][sgf]") {
  const auto fails_with = [](const char* text, const char* message) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_sgf(text, "game.sgf"), Error);
    CHECK_THROWS_WITH(parse_sgf(text, "game.sgf"), Contains("game.sgf: byte") && Contains(message));
  };
  fails_with("", "expected \"(;\"");
  fails_with("hello", "expected \"(;\"");
  fails_with("(;B)", "expected '['");
  fails_with("(;[aa])", "expected a property");
  fails_with("(;SZ[9];B[jj])", "byte 10: expected a point of 9 x 9");
  fails_with("(;SZ[9];B[a])", "expected a point");
  fails_with("(;SZ[0])", "expected a number from 2 to 25");
  fails_with("(;SZ[1])", "expected a number from 2 to 25");
  fails_with("(;SZ[9:1])", "expected a number from 2 to 25");
  fails_with("(;SZ[99999999999])", "expected a number");
  fails_with("(;KM[six])", "expected a komi");
  fails_with("(;GM[2])", "expected a game of Go");
  fails_with("(;PRISONERS[1])", "expected a number");
  fails_with("(;AW[aa]AB[ab][ba];B[cc];AB[dd])", "no liberty");
}

TEST_CASE("Komi as servers write it is mended", "[envs][go][sgf]") {
  const auto komi = [](const std::string& text) { return parse_sgf("(;KM[" + text + "])").komi; };
  for (const char* text : {"375", "750", "3.75", "7.5", "7,50", " 7.50 "}) CHECK(komi(text) == 7.5);
  for (const char* text : {"650", "325", "3.25", "6.5", "6.5 points", "6,5moku"})
    CHECK(komi(text) == 6.5);
  for (const char* text : {"6.7", "6.45", "6,6 moku"}) CHECK(komi(text) == 6.5);
  CHECK(parse_sgf("(;KM[6.7])").remarks ==
        std::vector<std::string>{"a komi of 6.7 is taken for 6.5"});
  for (const char* text : {"650", "3.75", "-3.75"})
    CHECK(parse_sgf(std::string("(;KM[") + text + "])").remarks.empty());
  CHECK(komi("-3.75") == -7.5);
  CHECK(komi("6.25") == 6.5);  // 12.5 would be more than anybody gives
  CHECK(parse_sgf("(;KM[6.25])").remarks ==
        std::vector<std::string>{"a komi of 6.25 is taken for 6.5"});
  CHECK(komi("") == 0);
  CHECK(komi("0") == 0);
  CHECK(komi("-5.5") == -5.5);
  CHECK(komi("100") == 100);
  CHECK(parse_sgf("(;SZ[9];B[ee])").komi == 0);
}

TEST_CASE("A root without semicolon is read as the Nihon Ki-in writes it", "[envs][go][sgf]") {
  // In Shift_JIS, KO[] is "Black 6 points and a half", PB[] a name whose last byte is a backslash.
  const std::string file =
      "(\nPB[\x90\\]\nKO[\x8d\x95"
      "6\x96\xda\x94\xbc]\nPW[x]\n;B[pd];W[dp])\n";
  const SgfGame game = parse_sgf(file);
  CHECK(game.komi == 6.5);
  CHECK(game.black_name == "申");
  CHECK(game.white_name == "x");
  CHECK(game.moves == std::vector<SgfMove>{{0, 72}, {1, 288}});
  CHECK(game.remarks == std::vector<std::string>{"KO[黒6目半] is taken for a komi of 6.5",
                                                 "the root has no \";\""});
  CHECK(parse_sgf("(KO[7]B[aa])").komi == 7);
  CHECK(parse_sgf("(;KO[7]B[aa])").komi == 0);
  const SgfCollection tree = parse_sgf_collection(file);
  CHECK(parse_sgf_collection(write_sgf_collection(tree)) == tree);
}

TEST_CASE("Handicap without stones means the usual points if White begins", "[envs][go][sgf]") {
  CHECK(parse_sgf("(;SZ[9]HA[2];W[ee])").black == std::vector<Action>{56, 24});
  CHECK(parse_sgf("(;SZ[9]HA[2];B[ee];W[cc])").black.empty());
  CHECK(parse_sgf("(;SZ[9]HA[1];W[ee])").black.empty());
  for (const char* text : {"", "x", "-1", "626", "2x"})
    CHECK(parse_sgf(std::string("(;SZ[9]HA[") + text + "];B[ee])").handicap == 0);
  CHECK(parse_sgf("(;SZ[9]HA[];B[ee])").remarks.empty());
  CHECK(parse_sgf("(;SZ[9]HA[x];B[ee])").remarks ==
        std::vector<std::string>{"HA[x] is taken for no handicap"});
  CHECK(parse_sgf("(;SZ[9]HA[13];W[ee])").handicap == 0);
  CHECK(parse_sgf("(;SZ[9]HA[13];W[ee])").remarks.size() == 1);
  CHECK(parse_sgf("(;SZ[9]HA[13];B[ee])").handicap == 13);
  CHECK(parse_sgf("(;SZ[9]HA[2]AB[aa][bb];W[ee])").black == std::vector<Action>{0, 10});
}

TEST_CASE("Set-up stones after moves start the game anew", "[envs][go][sgf]") {
  // White A2 takes the black stone on A1 before White's C3 is replaced by a black stone.
  const SgfGame game = parse_sgf("(;SZ[3]AB[ac]AW[bc];B[bb];W[ab];B[];W[cc];AB[cc]AE[bb];B[aa])");
  CHECK(game.black == std::vector<Action>{8});
  CHECK(game.white == std::vector<Action>{3, 7});
  CHECK(game.to_move == 0);
  CHECK(game.moves == std::vector<SgfMove>{{0, 0}});
}

TEST_CASE("PL after moves gives the move to the player", "[envs][go][sgf]") {
  const SgfGame again = parse_sgf("(;SZ[9];B[aa];W[bb];B[cc];PL[B])");
  CHECK(again.to_move == 0);
  CHECK(again.black == std::vector<Action>{0, 20});
  CHECK(again.white == std::vector<Action>{10});
  CHECK(again.moves.empty());
  // What the moves say already, or say afterwards, changes nothing.
  CHECK(parse_sgf("(;SZ[9];B[aa];PL[W])").moves == std::vector<SgfMove>{{0, 0}});
  CHECK(parse_sgf("(;SZ[9];B[aa];PL[B];B[bb])").moves == std::vector<SgfMove>{{0, 0}, {0, 10}});
  CHECK(parse_sgf("(;SZ[9];B[aa];PL[B];W[bb])").moves == std::vector<SgfMove>{{0, 0}, {1, 10}});
  CHECK(parse_sgf("(;SZ[9];B[aa];PL[B]AW[bb])").to_move == 0);
  CHECK(parse_sgf("(;SZ[9];B[aa];AW[bb]PL[B])").to_move == 0);
  const SgfCollection file = parse_sgf_collection("(;SZ[9];B[aa];PL[B];W[bb])");
  CHECK(sgf_game(file, "sgf", 0, 1).to_move == 0);
  CHECK(sgf_game(file, "sgf", 0, 1).black == std::vector<Action>{0});
  CHECK_THROWS_WITH(parse_sgf("(;SZ[9];B[aa];PL[x])"), Contains("expected B or W"));
}

TEST_CASE("Prisoners outlast set-up stones after moves", "[envs][go][sgf]") {
  // Black takes A9, later J9.
  const SgfGame sgf = parse_sgf(
      "(;SZ[9]KM[0];B[ab];W[aa];B[ba];W[gg];AE[gg];B[cc];W[ia];B[ib];W[];B[ha];AW[gg];W[gc])");
  CHECK(sgf.prisoners == std::array<int, 2>{2, 0});
  CHECK(sgf.moves == std::vector<SgfMove>{{1, 24}});
  const GoGame game(Rules{.scoring = Scoring::kTerritory, .tax = Tax::kSeki});
  GoState state(game), again(game);
  load_sgf(sgf, state);
  CHECK(state.prisoners(0) == 2);
  CHECK(state.prisoners(1) == 0);
  load_sgf(parse_sgf(write_sgf(to_sgf(state))), again);
  CHECK(again.key() == state.key());
  CHECK(again.to_string() == state.to_string());
  CHECK(again.score() == state.score());
  const std::vector<Action> wall = {36, 37, 38, 39, 40, 41, 42, 43, 44};
  state.set_up(wall, {}, 0);
  const double score = state.score();
  state.set_up(wall, {}, 0, 0, {3, 1});
  CHECK(state.score() == score + 2);
  // Suicide gives the opponent its stones.
  CHECK(parse_sgf("(;SZ[9]AB[aa]AW[ab][bb][ca];B[ba];AB[ee])").prisoners ==
        std::array<int, 2>{0, 2});
}

TEST_CASE("A move to a point that is not empty is executed", "[envs][go][sgf]") {
  // Each of the two replaces the stone that is there.
  const SgfGame game = parse_sgf("(;SZ[9]AB[ba];W[aa];B[cc];W[bb];B[ca];B[aa];W[ca];B[dd])");
  CHECK(game.black == std::vector<Action>{0, 1, 20});
  CHECK(game.white == std::vector<Action>{10});
  CHECK(game.moves == std::vector<SgfMove>{{1, 2}, {0, 30}});
  CHECK(game.remarks.size() == 2);
  CHECK(parse_sgf("(;SZ[9]AB[ee];W[ee])").black.empty());
  CHECK(parse_sgf("(;SZ[9]AB[ee];W[ee])").moves == std::vector<SgfMove>{{1, 40}});
}

TEST_CASE("A game is read up to the move asked for", "[envs][go][sgf]") {
  const SgfCollection file = parse_sgf_collection("(;SZ[5];W[aa];B[bb];AE[aa];W[cc])(;SZ[7])");
  CHECK(sgf_game(file, "sgf", 0, 0).moves.empty());
  CHECK(sgf_game(file, "sgf", 0, 0).to_move == 1);
  CHECK(sgf_game(file, "sgf", 0, 1).moves == std::vector<SgfMove>{{1, 0}});
  CHECK(sgf_game(file, "sgf", 0, 2).black == std::vector<Action>{6});
  CHECK(sgf_game(file, "sgf", 0, 2).white.empty());
  CHECK(sgf_game(file, "sgf", 0, 3).moves == std::vector<SgfMove>{{1, 12}});
  CHECK(sgf_game(file, "sgf", 1).width == 7);
}

TEST_CASE("Of an SGF file that is cut off the whole moves are read", "[envs][go][sgf]") {
  const std::string text = "(;SZ[9]AB[aa:cc][dd]RE[B+R]PB[x\\]y];W[ee](;B[ff];W[])(;B[gg]))";
  const std::vector<SgfMove> moves = parse_sgf(text).moves;
  const std::size_t main_line = text.find("(;B[gg]") + 2;
  std::size_t num_moves = 0;
  for (std::size_t length = 2; length < text.size(); ++length) {
    CAPTURE(length);
    const std::string read = text.substr(0, length);
    const SgfGame game = parse_sgf(read);
    num_moves += read.ends_with("W[ee]") || read.ends_with("B[ff]") || read.ends_with("W[]");
    CHECK(game.moves ==
          std::vector<SgfMove>(moves.begin(), moves.begin() + std::ssize(game.moves)));
    CHECK(game.moves.size() == num_moves);
    CHECK(game.remarks.size() == (length < main_line ? 1 : 0));
    if (length < main_line) CHECK(game.result.empty());
  }
  CHECK(parse_sgf("(;SZ[9]AB[aa][bb][c").black.size() == 2);
  CHECK(parse_sgf("(;SZ[9];B[aa];W[bb\\").moves.size() == 1);
  CHECK_THROWS_AS(parse_sgf("("), Error);
}

TEST_CASE("Games survive writing and reading", "[envs][go][sgf]") {
  Rng rng(6);
  constexpr std::pair<int, int> kSizes[] = {{9, 9}, {5, 7}, {19, 19}, {25, 25}};
  for (const auto& [width, height] : kSizes) {
    const GoGame game(Rules{.width = width, .height = height});
    GoState state(game), loaded(game);
    state.set_komi(-3.5);
    const std::vector<Action> black = {0, 8}, white = {2};
    state.set_up(black, white, 1, 2);
    std::vector<Action> actions;
    while (!state.is_terminal() && state.ply() < 200) {
      state.legal_actions(actions);
      state.apply(actions[rng.below(static_cast<std::uint32_t>(actions.size()))]);
    }
    SgfGame sgf = to_sgf(state);
    sgf.black_name = "a\\b]c";
    const SgfGame again = parse_sgf(write_sgf(sgf));
    CHECK(again.black_name == sgf.black_name);
    CHECK(again.moves == sgf.moves);
    load_sgf(again, loaded);
    CHECK(loaded.key() == state.key());
    CHECK(loaded.to_string() == state.to_string());
    CHECK(loaded.handicap() == 2);
    load_sgf(again, loaded, 3);
    CHECK(loaded.ply() == 3);
  }
}

TEST_CASE("Passes after the end of a game are no error", "[envs][go][sgf]") {
  const GoGame game(Rules{});
  GoState state(game);
  load_sgf(parse_sgf("(;SZ[9];B[ee];W[];B[];W[];B[])"), state);
  CHECK(state.is_terminal());
  CHECK(state.ply() == 3);
}

TEST_CASE("Stones after two passes go on with an SGF game", "[envs][go][sgf]") {
  const GoGame game(Rules{});
  GoState state(game);
  for (const char* last : {"B[cc]", "W[cc]"}) {
    load_sgf(parse_sgf(std::string("(;SZ[9];B[dd];W[ee];B[];W[];") + last + ")"), state);
    CHECK(state.ply() == 5);
    CHECK_FALSE(state.is_terminal());
  }
}

TEST_CASE("Moves of an SGF game are executed even if they are illegal", "[envs][go][sgf]") {
  const GoGame game(Rules{});
  GoState state(game);
  // Black takes a ko, White takes it back at once.
  load_sgf(parse_sgf("(;SZ[9]AB[ba][ab][bc]AW[ca][bb][db][cc]PL[B];B[cb];W[bb])"), state);
  CHECK(state.ply() == 2);
  CHECK(state.prisoners(0) == 1);
  CHECK(state.prisoners(1) == 1);
  CHECK_FALSE(state.execute(state.go_game().parse_action("B8").value()));
  CHECK_FALSE(state.execute(-1));
  CHECK(state.ply() == 2);
  state.undo();
  CHECK_FALSE(state.is_legal(state.go_game().parse_action("B8").value()));
}

TEST_CASE("An SGF game may be longer than the ply limit", "[envs][go][sgf]") {
  const GoGame game(Rules{.max_plies = 2});
  GoState state(game);
  load_sgf(parse_sgf("(;SZ[9];B[dd];W[ee];B[ff])"), state);
  CHECK(state.ply() == 3);
  CHECK_FALSE(state.is_terminal());
}

TEST_CASE("An SGF game that does not fit leaves the state alone", "[envs][go][sgf]") {
  const GoGame game(Rules{});
  GoState state(game);
  test::play(state, {"E5"});
  const std::uint64_t key = state.key();
  CHECK_THROWS_WITH(load_sgf(parse_sgf("(;SZ[19])"), state), Contains("9 x 9"));
  SgfGame occupied = parse_sgf("(;SZ[9];B[aa];W[bb])");
  occupied.moves[1].action = 0;
  CHECK_THROWS_WITH(load_sgf(occupied, state), Contains("move 2 (W A9)"));
  CHECK_THROWS_AS(load_sgf(parse_sgf("(;SZ[9]AB[aa]AW[ab][ba])"), state), Error);
  SgfGame uneven = parse_sgf("(;SZ[9])");
  uneven.komi = 0.3;
  CHECK_THROWS_AS(load_sgf(uneven, state), Error);
  CHECK(state.key() == key);
  CHECK_THROWS_WITH(read_sgf("no/such.sgf"), Contains("no/such.sgf"));
}

namespace {

/// What the data set's MANIFEST.tsv says of a file: column name to value.
using ManifestRow = std::map<std::string, std::string>;

std::map<std::string, ManifestRow> read_manifest(const std::filesystem::path& path) {
  const auto split = [](const std::string& line) {
    std::istringstream in(line);
    std::vector<std::string> cells;
    for (std::string cell; std::getline(in, cell, '\t');) cells.push_back(cell);
    return cells;
  };
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> names = split(line);
  std::map<std::string, ManifestRow> rows;
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = split(line);
    ManifestRow row;
    for (std::size_t i = 0; i < cells.size(); ++i) row[names[i]] = cells[i];
    rows[row["file"]] = row;
  }
  return rows;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Nodes, games and the stones at the end, as other readers count them.
void check_against_manifest(const SgfCollection& file, const GoState& end, ManifestRow& row) {
  CHECK(std::to_string(file.nodes.size()) == row["nodes"]);
  CHECK(std::to_string(file.roots.size()) == row["games"]);
  CHECK(std::to_string(end.board().num_stones(Color::kBlack)) == row["black"]);
  CHECK(std::to_string(end.board().num_stones(Color::kWhite)) == row["white"]);
}

}  // namespace

// Outside data: every .sgf below the directory must be read as the manifest beside it says; files
// and games must survive a round trip.
TEST_CASE("SGF files of a data set load and survive a round trip", "[envs][go][sgf][data]") {
  const char* directory = std::getenv("TENGEN_SGF");
  if (!directory) {
    WARN("SKIPPED: set TENGEN_SGF to a directory of SGF files to test the reader on them");
    std::cout << "SKIPPED: TENGEN_SGF is not set\n";
    return;
  }
  std::map<std::string, ManifestRow> manifest =
      read_manifest(std::filesystem::path(directory) / "MANIFEST.tsv");
  int loaded = 0, refused = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.path().extension() != ".sgf") continue;
    const std::string name = std::filesystem::relative(entry.path(), directory).string();
    CAPTURE(name);
    const bool must_load = manifest[name]["class"] == "load";
    try {
      const SgfCollection file = parse_sgf_collection(bytes_of(entry.path()), name);
      CHECK(parse_sgf_collection(write_sgf_collection(file)) == file);
      const SgfGame sgf = sgf_game(file, name);
      const GoGame game(Rules{
          .width = sgf.width, .height = sgf.height, .ko = KoRule::kSimple, .max_plies = 100000});
      GoState state(game), again(game);
      load_sgf(sgf, state);
      load_sgf(parse_sgf(write_sgf(to_sgf(state))), again);
      CHECK(state.key() == again.key());
      if (must_load) check_against_manifest(file, state, manifest[name]);
      ++loaded;
    } catch (const Error& error) {
      WARN(error.what());
      CHECK_FALSE(must_load);
      ++refused;
    }
  }
  WARN(loaded << " SGF files loaded, " << refused << " refused");
  CHECK(loaded > 0);
}
