#include "engine/data/labelled_lines.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "engine/base/error.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tengen;
using Catch::Matchers::Contains;

namespace {

/// Removes "()" until nothing changes: nothing is left of balanced brackets.
bool reduces_to_nothing(std::string text) {
  for (std::size_t at; (at = text.find("()")) != std::string::npos;) text.erase(at, 2);
  return text.empty();
}

}  // namespace

TEST_CASE("Labelled lines are read with label and text", "[engine][data]") {
  const test::TempDir dir;
  std::ofstream(dir / "lines") << "ham\tsee you\tthere\r\nspam\tbuy, now\n";
  const auto pairs = load_labelled_lines(dir / "lines");
  REQUIRE(pairs.size() == 2);
  CHECK(pairs[0].target == "ham");
  CHECK(pairs[0].source == "see you\tthere");
  CHECK(pairs[1].source == "buy, now");
}

TEST_CASE("A bad line is named with its file and number", "[engine][data]") {
  const test::TempDir dir;
  const auto [line, fault] = GENERATE(
      table<std::string, std::string>({{"no label here", "found no tab"},
                                       {"", "found no tab"},
                                       {"\ttext", "no label before"},
                                       {"label\t", "no text behind"},
                                       {std::string("a\tb\0c", 5), "a NUL byte"},
                                       {"a\tb\xff", "no UTF-8 at byte 3 of the line"},
                                       {"a\t" + std::string(20'000, 'x'), "more than 10000"},
                                       {"a\t" + std::string(200'000, 'x'), "longer than 10000"}}));
  std::ofstream(dir / "lines") << "ham\tfine\n" << line << "\nham\tfine\n";
  CHECK_THROWS_WITH(load_labelled_lines(dir / "lines"),
                    Contains((dir / "lines").string()) && Contains("line 2") && Contains(fault));
  CHECK_THROWS_AS(load_labelled_lines(dir / "nothing"), Error);
}

TEST_CASE("Generated brackets are as they are labelled", "[engine][data]") {
  Rng rng(1);
  const auto pairs = bracket_strings(400, 16, rng);
  std::set<std::string> different;
  int balanced = 0;
  for (const TextPair& pair : pairs) {
    different.insert(pair.source);
    balanced += pair.target == "balanced";
    CHECK(reduces_to_nothing(pair.source) == (pair.target == "balanced"));
    CHECK(pair.source.size() <= 16);
    CHECK(2 * std::ranges::count(pair.source, '(') == std::ptrdiff_t(pair.source.size()));
  }
  CHECK(different.size() == 400);
  CHECK(balanced > 120);
  CHECK(balanced < 280);
  CHECK_THROWS_WITH(bracket_strings(6, 6, rng), Contains("(2)"));  // of 1 + 2 + 5
  CHECK_THROWS_AS(bracket_strings(1, 7, rng), std::invalid_argument);
}
