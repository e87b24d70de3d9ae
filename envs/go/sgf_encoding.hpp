// The encoding of an SGF file: found out, and turned into UTF-8 where that can be done without
// tables.
//
// UTF-8 and UTF-16 with a byte order mark, ISO-8859-1 and ASCII by CA, and files without CA (FF[4]:
// ISO-8859-1; but valid UTF-8 is taken for UTF-8) become UTF-8. Files in other encodings keep their
// bytes. Among these the double-byte encodings of East Asia need care: the second byte of a
// character may be the code of "]" or "\", which then ends or escapes nothing.
#pragma once

#include <string>
#include <string_view>

namespace tengen::envs::go {

enum class SgfBytes {
  plain,       // every byte stands for itself: ASCII, UTF-8, and what is not known
  shift_jis,   // a byte 81-9F or E0-FC takes the next one with it
  double_byte  // a byte 81-FE does: GBK, GB18030, Big5, EUC-KR (UHC)
};

struct SgfText {
  std::string text;
  SgfBytes bytes = SgfBytes::plain;
  bool is_utf8 = true;  // false: in the encoding that CA names
};

SgfText decode_sgf(std::string_view bytes);

/// Whether `c` and the byte behind it are one character.
bool takes_next_byte(SgfBytes bytes, char c);

}  // namespace tengen::envs::go
