#include "envs/go/sgf_encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>

#include "engine/base/utf8.hpp"

namespace tengen::envs::go {
namespace {

struct Conversion {
  std::string text;
  bool clean = true;  // no byte made no sense
};

/// From one charset to UTF-8.
class Converter {
 public:
  explicit Converter(const std::string& charset) : handle_(iconv_open("UTF-8", charset.c_str())) {}
  ~Converter() {
    if (is_known()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool is_known() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  /// Where a character makes no sense, `unit` bytes become the replacement character.
  Conversion convert(std::string_view bytes, std::size_t unit = 1) {
    Conversion result;
    char* in = const_cast<char*>(bytes.data());  // iconv only reads it
    std::size_t left = bytes.size();
    while (left > 0) {
      std::array<char, 4096> buffer;
      char* out = buffer.data();
      std::size_t room = buffer.size();
      const bool stopped = iconv(handle_, &in, &left, &out, &room) == static_cast<std::size_t>(-1);
      const bool full = stopped && errno == E2BIG;
      result.text.append(buffer.data(), out);
      if (!stopped || full) continue;
      result.clean = false;
      result.text += "\xEF\xBF\xBD";
      const std::size_t skipped = std::min(unit, left);
      in += skipped;
      left -= skipped;
    }
    return result;
  }

 private:
  iconv_t handle_;
};

std::string from_utf16(std::string_view bytes, const char* charset) {
  return Converter(charset).convert(bytes, 2).text;
}

std::string from_latin1(std::string_view bytes) {
  std::string text;
  for (const unsigned char c : bytes) append_utf8(text, c);
  return text;
}

/// Upper case letters and digits alone.
std::string bare(std::string_view name) {
  std::string text;
  for (const unsigned char c : name)
    if (std::isalnum(c)) text += static_cast<char>(std::toupper(c));
  return text;
}

/// The value of the first CA property; empty without one.
std::string_view charset_of(std::string_view text) {
  std::size_t at = text.find("CA[");
  while (at != std::string_view::npos && at > 0 &&
         std::isalpha(static_cast<unsigned char>(text[at - 1])))
    at = text.find("CA[", at + 1);
  if (at == std::string_view::npos) return "";
  return text.substr(at + 3, text.find(']', at) - at - 3);
}

constexpr const char* kLatin1 = "ISO-8859-1";

/// As iconv should know it: for what is meant by the names that files use.
std::string meant_charset(std::string_view name) {
  constexpr const char* kMeant[][2] = {
      {"GB2312", "GB18030"}, {"GBK", "GB18030"},    {"CP936", "GB18030"},    {"SHIFTJIS", "CP932"},
      {"SJIS", "CP932"},     {"MSKANJI", "CP932"},  {"WINDOWS31J", "CP932"}, {"EUCKR", "CP949"},
      {"BIG5", "CP950"},     {"ISO88591", kLatin1}, {"LATIN1", kLatin1},     {"ASCII", kLatin1},
      {"USASCII", kLatin1}};
  for (const auto& [alias, meaning] : kMeant)
    if (bare(name) == alias) return meaning;
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == ':';
  });
  return plain ? std::string(name) : "";
}

/// Not UTF-16, say: its name could not have been read.
bool has_ascii(const std::string& charset) {
  constexpr std::string_view kSample = "(;CA";
  Converter converter(charset);
  return converter.is_known() && converter.convert(kSample).text == kSample;
}

}  // namespace

std::string sgf_to_utf8(std::string_view bytes, const char* last_resort) {
  if (bytes.starts_with(kByteOrderMark)) return std::string(bytes.substr(kByteOrderMark.size()));
  if (bytes.substr(0, 2) == "\xFF\xFE") return from_utf16(bytes.substr(2), "UTF-16LE");
  if (bytes.substr(0, 2) == "\xFE\xFF") return from_utf16(bytes.substr(2), "UTF-16BE");
  const std::string charset = meant_charset(charset_of(bytes));
  if (charset == kLatin1) return from_latin1(bytes);
  const bool known = !charset.empty() && has_ascii(charset);
  Conversion named;
  if (known) named = Converter(charset).convert(bytes);
  if (known && named.clean) return named.text;
  const Conversion utf8 = Converter("UTF-8").convert(bytes);
  if (utf8.clean) return utf8.text;
  return known ? named.text : Converter(last_resort).convert(bytes).text;
}

}  // namespace tengen::envs::go
