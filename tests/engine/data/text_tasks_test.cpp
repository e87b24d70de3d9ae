// Texts as data: vocabularies, chunks for truncated backpropagation, and the generated tasks.
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>
#include <set>

#include "engine/data/text_chunks.hpp"
#include "engine/data/text_pairs.hpp"
#include "engine/data/translation_pairs.hpp"
#include "engine/losses/masked_cross_entropy.hpp"

using namespace tengen;

namespace {

std::vector<std::int32_t> row(const Tensor& tokens, std::int64_t n) {
  const auto values = tokens.rows(n, n + 1);
  const auto span = std::as_const(values).values<std::int32_t>();
  return {span.begin(), span.end()};
}

/// 0, 1, 2, ...
std::vector<std::int32_t> counting(int count) {
  std::vector<std::int32_t> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(i);
  return tokens;
}

/// 0: Sunday (Sakamoto's method).
int weekday_of(int year, int month, int day) {
  const int shift[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
  year -= month < 3;
  return (year + year / 4 - year / 100 + year / 400 + shift[month - 1] + day) % 7;
}

using Tokens = std::vector<std::int32_t>;

}  // namespace

TEST_CASE("A vocabulary numbers the characters of a text in their order", "[engine][data][text]") {
  const Vocabulary vocabulary("banana\n");
  CHECK(vocabulary.characters() == U"\nabn");
  CHECK(vocabulary.encode("nab") == Tokens{3, 1, 2});
  CHECK(vocabulary.decode(vocabulary.encode("banana")) == "banana");
  CHECK_THROWS_WITH(vocabulary.encode("bat"), Catch::Contains("got 't' (U+0074)"));
  CHECK_THROWS_AS(vocabulary.decode(Tokens{4}), std::invalid_argument);
}

TEST_CASE("A character may be several bytes", "[engine][data][text]") {
  const Vocabulary vocabulary("日本 né😀n");
  CHECK(vocabulary.characters() == U" né日本😀");
  CHECK(vocabulary.encode("本né") == Tokens{4, 1, 2});
  CHECK(vocabulary.decode(Tokens{5, 3}) == "😀日");
  CHECK_THROWS_WITH(vocabulary.encode("n日曜"), Catch::Contains("got '曜' (U+66DC)"));
  CHECK_THROWS_WITH(vocabulary.encode("n\xe6\x97"), Catch::Contains("byte 0xe6 at offset 1"));
}

TEST_CASE("Streams of chunks read the text on from batch to batch", "[engine][data][text][E12]") {
  const TextChunks text(counting(3 * 7 + 2), 3);  // 7 chunks and a token that is left over
  CHECK(text.count() == 7);
  const std::vector<std::uint32_t> order = text.order(2);
  CHECK(order == std::vector<std::uint32_t>{0, 3, 1, 4, 2, 5});
  const TextBatch first = text.batch(std::span(order).subspan(0, 2));
  const TextBatch second = text.batch(std::span(order).subspan(2, 2));
  CHECK(row(first.inputs, 1) == Tokens{9, 10, 11});
  CHECK(row(first.labels, 1) == Tokens{10, 11, 12});
  for (std::int64_t s = 0; s < 2; ++s)
    CHECK(row(second.inputs, s).front() == row(first.labels, s).back());
  CHECK(text.order(100).size() == 7);
  CHECK_THROWS_AS(TextChunks(counting(3), 3), std::invalid_argument);
}

TEST_CASE("Sequences are padded to the longest", "[engine][data][text]") {
  const TokenBatch batch = pad_tokens({{1, 2, 3}, {4}}, 9);
  CHECK(batch.tokens.shape() == Shape{2, 3});
  CHECK(row(batch.tokens, 1) == Tokens{4, 9, 9});
  CHECK(batch.lengths == std::vector<std::int64_t>{3, 1});
  CHECK_THROWS_AS(pad_tokens({{1}, {}}, 0), std::invalid_argument);
  CHECK_THROWS_AS(pad_tokens({}, 0), std::invalid_argument);
}

TEST_CASE("Written sums are right and never the same", "[engine][data][text][E16]") {
  Rng rng(1), same(1);
  const std::vector<TextPair> pairs = addition_strings(2000, 3, rng);
  std::set<std::string> sources;
  std::size_t longest = 0;
  for (const TextPair& pair : pairs) {
    sources.insert(pair.source);
    longest = std::max(longest, pair.source.size());
    const std::size_t plus = pair.source.find('+');
    CHECK(std::stoi(pair.source.substr(0, plus)) + std::stoi(pair.source.substr(plus + 1)) ==
          std::stoi(pair.target));
    CHECK((pair.source[0] != '0' || plus == 1));
  }
  CHECK(sources.size() == 2000);
  CHECK(longest == 7);
  CHECK(addition_strings(2000, 3, same).back().source == pairs.back().source);
  CHECK_THROWS_AS(addition_strings(26, 1, rng), std::invalid_argument);
}

TEST_CASE("Written dates hold the date that they stand for", "[engine][data][text][E16]") {
  Rng rng(2);
  const std::vector<TextPair> pairs = date_strings(3000, rng);
  const std::regex target("(19[7-9]\\d|20[01]\\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])");
  const std::regex month_first("(\\d+)/(\\d+)/(\\d+)"), named("[^\\d]*(\\d+)[^\\d]+(\\d{4})");
  const char* months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                          "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::vector<std::string> weekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  std::set<std::string> sources;
  for (const TextPair& pair : pairs) {
    INFO(pair.source << " -> " << pair.target);
    sources.insert(pair.source);
    std::smatch date, found;
    REQUIRE(std::regex_match(pair.target, date, target));
    const int year = std::stoi(date[1]), month = std::stoi(date[2]), day = std::stoi(date[3]);
    std::string lower = pair.source;
    for (char& c : lower) c = static_cast<char>(std::tolower(c));
    if (std::regex_match(lower, found, month_first) && found[1].length() < 4) {
      CHECK(std::stoi(found[1]) == month);
      CHECK(std::stoi(found[2]) == day);
      CHECK(std::stoi(found[3]) % 100 == year % 100);
    } else if (std::isalpha(lower[0]) || lower.find(' ') != std::string::npos) {
      CHECK(lower.find(months[month - 1]) != std::string::npos);
      REQUIRE(std::regex_search(lower, found, std::regex("(\\d+)")));
      CHECK(std::stoi(found[1]) == day);
      CHECK(lower.ends_with(std::to_string(year)));
      if (const auto name = std::ranges::find(weekdays, lower.substr(0, 3)); name != weekdays.end())
        CHECK(name - weekdays.begin() == weekday_of(year, month, day));
    }
  }
  CHECK(sources.size() == 3000);
}

TEST_CASE("A date is written in every way", "[engine][data][text]") {
  Rng rng(3);
  std::string all = "\n";
  for (const TextPair& pair : date_strings(3000, rng)) all += pair.source + "\n";
  for (const char* format :
       {"\n[a-z]{4,9} \\d+, \\d{4}\n", "\n[A-Z][a-z]{2} \\d+(st|nd|rd|th), \\d{4}\n",
        "\n\\d+ [A-Z]{3,9} \\d{4}\n", "\n\\d+th of [a-z]+ \\d{4}\n",
        "\n[A-Z]{6,9}, [A-Z]{4,9} \\d+, \\d{4}\n", "\n[a-z]{3} \\d+ [a-z]{3} \\d{4}\n",
        "\n\\d+/\\d+/\\d{2}\n", "\n\\d+/\\d+/\\d{4}\n", "\n\\d+\\.\\d+\\.\\d{4}\n",
        "\n\\d{4}/\\d{2}/\\d{2}\n"}) {
    INFO(format);
    CHECK(std::regex_search(all, std::regex(format)));
  }
  CHECK(all.find("21th") == std::string::npos);
  CHECK(all.find("11st") == std::string::npos);
}

TEST_CASE("The decoder is fed the target one step behind its labels", "[engine][data][text][E12]") {
  const TranslationPairs pairs({{"a", "bc"}, {"aa", "b"}});
  CHECK(pairs.boundary() == 3);
  CHECK(pairs.symbols() == 4);
  CHECK(pairs.longest_target() == 3);
  const std::vector<std::uint32_t> both{0, 1};
  const TranslationBatch batch = pairs.batch(both);
  CHECK(batch.source.lengths == std::vector<std::int64_t>{1, 2});
  CHECK(row(batch.inputs, 0) == Tokens{3, 1, 2});
  CHECK(row(batch.labels, 0) == Tokens{1, 2, 3});
  CHECK(row(batch.inputs, 1) == Tokens{3, 1, 3});
  CHECK(row(batch.labels, 1) == Tokens{1, 3, kIgnoreLabel});
  const std::vector<TextPair> empty{{"", "b"}};
  CHECK_THROWS_AS(TranslationPairs(empty), std::invalid_argument);
}
