// Text in UTF-8 (RFC 3629) as characters, which are Unicode code points.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tengen {

/// Some editors begin a text in UTF-8 with it.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Bytes before the first that is not well-formed (an overlong form, a surrogate, a code above
/// U+10FFFF, a character cut off): text.size() if all are.
std::size_t valid_utf8(std::string_view text);

/// The characters of a text. Throws std::invalid_argument that names the first wrong byte.
std::u32string decode_utf8(std::string_view text);

/// `code` must be a Unicode code point.
void append_utf8(std::string& out, char32_t code);

}  // namespace tengen
