// The small writers for people: tables, curves, suggestions, games.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "envs/registry.hpp"
#include "tools/attention_picture.hpp"
#include "tools/curve.hpp"
#include "tools/shell_word.hpp"
#include "tools/show_game.hpp"
#include "tools/suggest.hpp"
#include "tools/text_table.hpp"

using namespace tengen;
using namespace tengen::tools;

TEST_CASE("Words for a shell are quoted where it takes them for more", "[tools][text]") {
  CHECK(shell_word("runs/c4,lr=0.1") == "runs/c4,lr=0.1");
  CHECK(shell_word("X Y") == "'X Y'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("~a") == "'~a'");
}

TEST_CASE("Table columns are aligned by what is seen", "[tools][text]") {
  TextTable table({"<name", "count"});
  table.add({"a", "1"});
  table.add({"▁▂", "12345"});
  CHECK(table.to_string() ==
        "name  count\n"
        "a         1\n"
        "▁▂    12345\n");
}

TEST_CASE("A table without titles has no header line", "[tools][text]") {
  TextTable table({"<", "<"});
  table.add({"net", "x"});
  CHECK(table.to_string() == "net  x\n");
}

TEST_CASE("Numbers keep three digits that matter", "[tools][text]") {
  CHECK(short_number(12345.6) == "12346");
  CHECK(short_number(12.345) == "12.3");
  CHECK(short_number(-1.2345) == "-1.23");
  CHECK(short_number(0.98765) == "0.988");
  CHECK(short_number(-0.00000123456) == "-1.23e-06");
  CHECK(short_number(0) == "0");
}

TEST_CASE("A sparkline goes from its lowest to its highest point", "[tools][text]") {
  CHECK(sparkline({0, 1, 2, 3, 4, 5, 6, 7}) == "▁▂▃▄▅▆▇█");
  CHECK(sparkline({3, 1}) == "█▁");
  CHECK(sparkline({5, 5, 5}) == "▅▅▅");
  CHECK(sparkline({}) == "");
}

TEST_CASE("A sparkline shows means where points share a character", "[tools][text]") {
  CHECK(sparkline({0, 2, 6, 10}, 2) == "▁█");
  CHECK(sparkline({0, std::nan(""), 7}) == "▁█");
}

TEST_CASE("A curve is drawn from corner to corner of its panel", "[tools][text]") {
  const std::string svg = curves_svg("a < b", "iteration", {{"loss", {1, 3}, {4, 2}}});
  CHECK(svg.rfind("<svg ", 0) == 0);
  CHECK(svg.find("a &lt; b") != std::string::npos);
  CHECK(svg.find("points=\"70.0,40.0 700.0,190.0 \"") != std::string::npos);
}

TEST_CASE("Attention is drawn darker where there is more of it", "[tools][text][E21]") {
  const Tensor weights = Tensor::from<float>({2, 3}, {1, 0, 0, .25f, .5f, .25f});
  const std::string svg = attention_svg({{"a <", "7", weights}});
  const auto count = [&](const std::string& part) {
    int found = 0;
    for (auto at = svg.find(part); at != std::string::npos; at = svg.find(part, at + 1)) ++found;
    return found;
  };
  CHECK(count("<text") == 5);  // the source's characters, the answer's, its end
  CHECK((count(">a<") == 1 && count(">␣<") == 1 && count(">&lt;<") == 1 && count(">7<") == 1));
  CHECK((count("opacity=\"1.000\"") == 1 && count("opacity=\"0.250\"") == 2));
  const std::string half =
      "y=\"48\" width=\"18\" height=\"18\" fill=\"#2563eb\" fill-opacity=\"0.500\"";
  CHECK(count("x=\"48\" " + half) == 1);  // second row, second column
}

TEST_CASE("The nearest word is suggested unless it is far", "[tools][text]") {
  CHECK(nearest("trian", {"match", "train"}) == "train");
  CHECK(nearest("--simz", {"--time", "--sims"}) == "--sims");
  CHECK_FALSE(nearest("quicksort", {"match", "train"}).has_value());
  CHECK_FALSE(nearest("x", {}).has_value());
}

TEST_CASE("A game is shown with a board for every move", "[tools][text]") {
  const auto game = envs::make_game("tic_tac_toe");
  const Commentary commentary;
  const std::string text =
      show_game(*game, {{"net", "random"}, {"a", "b"}, {4, 0, 8}, "drawn"}, commentary, 30);
  for (const char* part : {"a: net, moves first (X)", "b: random, moves second (O)", "1. a plays ",
                           "2. b plays ", "3. a plays ", "drawn\n"})
    CHECK(text.find(part) != std::string::npos);
}
