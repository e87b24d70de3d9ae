#include "engine/base/utf8.hpp"

#include <cstdint>

#include "engine/base/error.hpp"

namespace tengen {

namespace {

constexpr char32_t kLast = 0x10FFFF;

struct Character {
  char32_t code = 0;
  int bytes = 0;  // 0: not well-formed
};

/// The one that a text, which must not be empty, begins with.
Character first_character(std::string_view text) {
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};  // by bytes
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const int bytes = lead < 0xC0 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 0;
  if (bytes == 0 || text.size() < static_cast<std::size_t>(bytes)) return {};
  char32_t code = lead & (0x7F >> bytes);
  for (const char c : text.substr(1, static_cast<std::size_t>(bytes) - 1)) {
    if ((c & 0xC0) != 0x80) return {};
    code = code << 6 | (c & 0x3F);
  }
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (code < kSmallest[bytes] || code > kLast || surrogate) return {};
  return {code, bytes};
}

}  // namespace

std::size_t valid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const int bytes = first_character(text.substr(at)).bytes;
    if (bytes == 0) break;
    at += static_cast<std::size_t>(bytes);
  }
  return at;
}

std::u32string decode_utf8(std::string_view text) {
  std::u32string characters;
  characters.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Character next = first_character(text.substr(at));
    if (next.bytes == 0)
      bad_argument("utf8", "expected text in UTF-8, got byte 0x{:02x} at offset {}",
                   static_cast<unsigned char>(text[at]), at);
    characters += next.code;
    at += static_cast<std::size_t>(next.bytes);
  }
  return characters;
}

void append_utf8(std::string& out, char32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    tail(12), tail(6), tail(0);
  }
}

}  // namespace tengen
