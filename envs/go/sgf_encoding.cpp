#include "envs/go/sgf_encoding.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace tengen::envs::go {
namespace {

void append_utf8(std::string& out, std::uint32_t code) {
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

std::string from_latin1(std::string_view bytes) {
  std::string text;
  for (const unsigned char c : bytes) append_utf8(text, c);
  return text;
}

/// A surrogate without its partner becomes the replacement character.
std::string from_utf16(std::string_view bytes, bool little_endian) {
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    return little_endian ? first | second << 8 : first << 8 | second;
  };
  std::string text;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    std::uint32_t code = unit(i);
    if (code >= 0xD800 && code < 0xE000) {
      const std::uint32_t next = i + 3 < bytes.size() ? unit(i + 2) : 0;
      const bool pair = code < 0xDC00 && next >= 0xDC00 && next < 0xE000;
      if (pair) i += 2;
      code = pair ? 0x10000 + ((code - 0xD800) << 10) + (next - 0xDC00) : 0xFFFD;
    }
    append_utf8(text, code);
  }
  return text;
}

bool is_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const auto c = static_cast<unsigned char>(bytes[i++]);
    const int more = c < 0x80 ? 0 : c >= 0xC2 && c < 0xE0 ? 1 : c < 0xF0 ? 2 : c < 0xF5 ? 3 : -1;
    if (more < 0 || (c >= 0x80 && c < 0xC2)) return false;
    for (int k = 0; k < more; ++k)
      if (i >= bytes.size() || (static_cast<unsigned char>(bytes[i++]) & 0xC0) != 0x80)
        return false;
  }
  return true;
}

/// The value of the first CA property in upper case letters and digits alone; empty without one.
std::string charset_of(std::string_view text) {
  std::size_t at = text.find("CA[");
  while (at != std::string_view::npos && at > 0 &&
         std::isalpha(static_cast<unsigned char>(text[at - 1])))
    at = text.find("CA[", at + 1);
  if (at == std::string_view::npos) return "";
  std::string name;
  for (const unsigned char c : text.substr(at + 3, text.find(']', at) - at - 3))
    if (std::isalnum(c)) name += static_cast<char>(std::toupper(c));
  return name;
}

bool is_one_of(const std::string& name, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(), [&](const char* each) { return name == each; });
}

}  // namespace

SgfText decode_sgf(std::string_view bytes) {
  if (bytes.substr(0, 3) == "\xEF\xBB\xBF") return {std::string(bytes.substr(3))};
  if (bytes.substr(0, 2) == "\xFF\xFE") return {from_utf16(bytes.substr(2), true)};
  if (bytes.substr(0, 2) == "\xFE\xFF") return {from_utf16(bytes.substr(2), false)};
  const std::string charset = charset_of(bytes);
  if (is_one_of(charset, {"ISO88591", "LATIN1", "USASCII", "ASCII"})) return {from_latin1(bytes)};
  if (charset.empty() && !is_utf8(bytes)) return {from_latin1(bytes)};
  if (charset.empty() || charset == "UTF8") return {std::string(bytes)};
  SgfText kept{std::string(bytes), SgfBytes::plain, false};
  if (is_one_of(charset, {"SHIFTJIS", "SJIS", "MSKANJI", "CP932", "WINDOWS31J"}))
    kept.bytes = SgfBytes::shift_jis;
  if (is_one_of(charset, {"GB2312", "GBK", "GB18030", "BIG5", "BIG5HKSCS", "EUCKR", "CP949",
                          "CP936", "CP950"}))
    kept.bytes = SgfBytes::double_byte;
  return kept;
}

bool takes_next_byte(SgfBytes bytes, char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (bytes == SgfBytes::shift_jis)
    return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
  return bytes == SgfBytes::double_byte && byte >= 0x81 && byte <= 0xFE;
}

}  // namespace tengen::envs::go
