#include "engine/base/utf8.hpp"

#include <catch2/catch.hpp>

using namespace tengen;

TEST_CASE("Characters of one to four bytes are decoded and written again", "[engine][base][utf8]") {
  const std::u32string codes = {0x24,   0x7F,   0x80,   0x7FF,   0x800,
                                0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF};
  std::string text;
  for (const char32_t code : codes) append_utf8(text, code);
  CHECK(text.size() == 2 * 1 + 2 * 2 + 4 * 3 + 2 * 4);
  CHECK(valid_utf8(text) == text.size());
  CHECK(decode_utf8(text) == codes);
  CHECK(decode_utf8("h\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80") == U"h\u00e9\u20ac\U0001F600");
}

TEST_CASE("What is not UTF-8 is found where it begins", "[engine][base][utf8]") {
  const std::string wrong =
      GENERATE(as<std::string>(), "\x80", "\xc3", "\xc3(", "\xc0\xaf", "\xe0\x80\xaf",
               "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xf0\x9f\x98", "\xff");
  CHECK(valid_utf8("\xc3\xa9" + wrong) == 2);
  CHECK(valid_utf8(wrong + "a") == 0);
  CHECK_THROWS_WITH(decode_utf8("ab" + wrong), Catch::Contains("offset 2"));
}
