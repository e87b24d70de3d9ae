// The encoding of an SGF file: found out, and turned into UTF-8.
//
// Tried in this order: the byte order marks of UTF-8 and UTF-16; the charset that CA names, as far
// as the system's iconv knows it; UTF-8; ISO-8859-1, which is FF[4]'s default. A charset that makes
// sense of all bytes comes before one that does not; what makes no sense in the last resort becomes
// the replacement character. Files say GB2312, Shift_JIS, EUC-KR or Big5 and mean what their system
// has made of it, so the larger sets are read: GB18030, CP932, CP949, CP950.
// The whole file is converted before it is parsed: the second byte of a character may be the code
// of "]" or "\".
#pragma once

#include <string>
#include <string_view>

namespace tengen::envs::go {

/// The text of the file without a byte order mark. Never throws. `last_resort` is a charset that
/// iconv knows.
std::string sgf_to_utf8(std::string_view bytes, const char* last_resort = "ISO-8859-1");

}  // namespace tengen::envs::go
