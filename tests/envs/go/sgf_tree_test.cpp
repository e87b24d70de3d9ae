#include "envs/go/sgf_tree.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"

using namespace tengen;
using namespace tengen::envs::go;

namespace {

/// Reads, writes and reads again; both readings must be equal.
SgfCollection round_trip(const std::string& text) {
  SgfCollection file = parse_sgf_collection(text);
  CHECK(parse_sgf_collection(write_sgf_collection(file)) == file);
  return file;
}

std::string value(const SgfCollection& file, const char* name, std::size_t node = 0) {
  return file.nodes.at(node).find(name)->values[0];
}

/// A random game tree of about `nodes` nodes with hostile values.
std::string random_tree(Rng& rng, int nodes) {
  const char* const values[] = {"", "aa", "\\]", "\\\\", "a:b\\:c", "x\ny", "(;B[aa\\])", " \t"};
  const char* const names[] = {"B", "AB", "C", "XYZ"};
  std::string text = "(;GM[1]";
  std::size_t depth = 1;
  for (int i = 0; i < nodes; ++i) {
    const std::uint32_t dice = rng.below(6);
    if (dice == 0) text += "(;", ++depth;
    if (dice == 1 && depth > 1) text += ")", --depth;
    if (dice >= 2) text += ";";
    if (dice == 1) continue;
    text += names[rng.below(4)];
    for (std::uint32_t k = 0; k <= rng.below(3); ++k)
      text.append("[").append(values[rng.below(8)]).append("] ");
  }
  return text + std::string(depth, ')');
}

}  // namespace

TEST_CASE("An SGF file keeps its variations and unknown properties", "[envs][go][sgf]") {
  const SgfCollection file =
      round_trip("mail header (;FF[4]XX[a][b];B[aa](;W[bb]C[one];B[cc])(;W[dd]))\n(;SZ[9])tail");
  REQUIRE(file.nodes.size() == 6);
  CHECK(file.roots == std::vector<int>{0, 5});
  CHECK(file.nodes[1].children == std::vector<int>{2, 4});
  CHECK(file.nodes[0].find("XX")->values == std::vector<std::string>{"a", "b"});
  CHECK(main_line(file) == std::vector<int>{0, 1, 2, 3});
  CHECK(main_line(file, 1) == std::vector<int>{5});
  CHECK(file.nodes[0].find("YY") == nullptr);
}

TEST_CASE("What is written is plain FF4", "[envs][go][sgf]") {
  CHECK(write_sgf_collection(parse_sgf_collection("(;FF[4]; Black[aa] (;W[bb])( ;W[cc];))")) ==
        "(;FF[4];B[aa](;W[bb])(;W[cc];))\n");
}

TEST_CASE("Escapes and line breaks of values are understood", "[envs][go][sgf]") {
  CHECK(sgf_text("a\\]b\\\\c\\:d") == "a]b\\c:d");
  CHECK(sgf_text("soft\\\nbreak\r\nline\n\rnext\tx") == "softbreak\nline\nnext x");
  CHECK(sgf_simple_text("two\nlines") == "two lines");
  CHECK(sgf_text("ends with \\") == "ends with \\");
  for (const char* text : {"", "[a]\\", "\\\\]]", "plain"})
    CHECK(sgf_text(sgf_escaped(text)) == text);
  const SgfCollection file = round_trip("(;C[a\\]b\\\\])");
  CHECK(value(file, "C") == "a\\]b\\\\");
}

TEST_CASE("Files in Latin 1 and with byte order marks become UTF-8", "[envs][go][sgf]") {
  CHECK(value(round_trip("(;CA[ISO-8859-1]PB[M\xFCller])"), "PB") == "M\xC3\xBCller");
  CHECK(value(round_trip("(;CA[iso8859-1]PB[x])"), "CA") == "UTF-8");
  CHECK(value(round_trip("(;PB[M\xFCller])"), "PB") == "M\xC3\xBCller");
  CHECK(value(round_trip("(;PB[M\xFCller])"), "CA") == "UTF-8");
  CHECK(value(round_trip("(;PB[M\xC3\xBCller])"), "PB") == "M\xC3\xBCller");
  CHECK(value(round_trip("\xEF\xBB\xBF(;PB[\xE5\x9B\xB2])"), "PB") == "\xE5\x9B\xB2");
  CHECK(parse_sgf_collection("(;PB[x])").nodes[0].find("CA") == nullptr);
  using namespace std::string_literals;
  CHECK(value(round_trip("\xFF\xFE(\0;\0C\0[\0\xFC\0\x3D\xD8\x00\xDE]\0)\0"s), "C") ==
        "\xC3\xBC\xF0\x9F\x98\x80");
  CHECK(value(round_trip("\xFE\xFF\0(\0;\0C\0[\xD8\x00\0]\0)"s), "C") == "\xEF\xBF\xBD");
}

TEST_CASE("Files in the encodings that CA names become UTF-8", "[envs][go][sgf]") {
  // The second bytes of the first and of "big5" are the codes of "]" and "\".
  constexpr const char* kNames[][3] = {
      {"Shift_JIS", "\x83\x5D\x95\x5C", "\xE3\x82\xBE\xE8\xA1\xA8"},
      {"MS_KANJI", "\x88\xE4\x8E\x52", "\xE4\xBA\x95\xE5\xB1\xB1"},
      {"GB2312", "\xB9\xC5\xC1\xA6", "\xE5\x8F\xA4\xE5\x8A\x9B"},
      {"gb2312", "\xE9\x46", "\xE9\x95\x95"},
      {"GBK", "\xBF\xC2\xBD\xE0", "\xE6\x9F\xAF\xE6\xB4\x81"},
      {"big5", "\xA5\x5C", "\xE5\x8A\x9F"},
      {"EUC-KR", "\xC0\xCC\xC3\xA2\xC8\xA3", "\xEC\x9D\xB4\xEC\xB0\xBD\xED\x98\xB8"},
      {"EUC-JP", "\xB0\xCF\xB8\xEB", "\xE5\x9B\xB2\xE7\xA2\x81"},
      {"KOI8-R", "\xC1\xC2", "\xD0\xB0\xD0\xB1"},
      {"windows-1252", "\x93\x51\x94", "\xE2\x80\x9C\x51\xE2\x80\x9D"},
      {"UTF-8", "\xE5\x9B\xB2", "\xE5\x9B\xB2"}};
  for (const auto& [charset, bytes, utf8] : kNames) {
    CAPTURE(charset);
    const SgfCollection file =
        round_trip(std::string("(;CA[") + charset + "]PB[" + bytes + "]PW[w])");
    CHECK(value(file, "PB") == utf8);
    CHECK(value(file, "PW") == "w");
    CHECK(value(file, "CA") == "UTF-8");
  }
}

TEST_CASE("A file in another encoding than it says is read as far as can be", "[envs][go][sgf]") {
  CHECK(value(round_trip("(;CA[MS_KANJI]PB[\xEF\xBF\xBD\xEF\xBF\xBD])"), "PB") ==
        "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(value(round_trip("(;CA[Shift_JIS]PB[M\xFC])"), "PB") == "M\xEF\xBF\xBD");
  CHECK(value(round_trip("(;CA[UTF-8]PB[M\xFC])"), "PB") == "M\xEF\xBF\xBD");
  for (const char* charset : {"", "UTF-16", "no such", "//", "x"}) {
    CHECK(value(round_trip(std::string("(;CA[") + charset + "]PB[M\xFC])"), "PB") == "M\xC3\xBC");
    CHECK(value(round_trip(std::string("(;CA[") + charset + "]PB[\xC3\xBC])"), "PB") == "\xC3\xBC");
  }
}

TEST_CASE("A tree of 100000 nodes is read and written whatever its shape", "[envs][go][sgf]") {
  constexpr int kNodes = 100000;
  std::string chain = "(", nested, wide = "(;";
  for (int i = 0; i < kNodes; ++i) {
    chain += ";B[aa]";
    nested += "(;W[bb]";
    wide += "(;B[cc])";
  }
  CHECK(main_line(round_trip(chain + ")")).size() == kNodes);
  CHECK(main_line(round_trip(nested + std::string(kNodes, ')'))).size() == kNodes);
  CHECK(round_trip(wide + ")").nodes[0].children.size() == kNodes);
}

TEST_CASE("Random trees survive a round trip", "[envs][go][sgf]") {
  Rng rng(3);
  for (int i = 0; i < 200; ++i) round_trip(random_tree(rng, 60));
}

TEST_CASE("Damaged SGF text gives a tree or an error", "[envs][go][sgf]") {
  Rng rng(4);
  const std::string sample = random_tree(rng, 80);
  int errors = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string text = sample;
    for (int k = 0; k < 3; ++k)
      text[rng.below(static_cast<std::uint32_t>(text.size()))] = "()[];\\A\0\xFF"[rng.below(9)];
    try {
      round_trip(text);
    } catch (const Error&) {
      ++errors;
    }
  }
  CHECK(errors > 0);
  CHECK(errors < 2000);
}
