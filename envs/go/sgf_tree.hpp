// A file of SGF (FF[4], https://www.red-bean.com/sgf/) as it stands: games, variations, nodes and
// properties, nothing thrown away. What the properties mean for Go is sgf.hpp's concern.
//
// Values are kept raw, as they stand between the brackets with their escapes, so that what is read
// is written back unchanged; sgf_text() and sgf_escaped() translate. Nodes link by index, and
// nothing here recurses: 100,000 nodes deep is a plain loop.
// Read tolerantly: text before, between and behind the games, lower case letters in property names
// (FF[3]), white space anywhere, ";" without properties, empty variations. Of a file that is cut
// off all whole values are read. A file of which no "(" is followed by ";" is one game whose root
// has none: so the Nihon Ki-in writes them, in Shift_JIS. Encodings: sgf_encoding.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tengen::envs::go {

struct SgfProperty {
  std::string name;                 // upper case letters
  std::vector<std::string> values;  // raw; at least one
  std::size_t offset = 0;           // of the first value in the text read; no part of equality

  friend bool operator==(const SgfProperty& a, const SgfProperty& b) {
    return a.name == b.name && a.values == b.values;
  }
};

struct SgfNode {
  std::vector<SgfProperty> properties;  // in the file's order
  int parent = -1;                      // -1: the root of a game
  std::vector<int> children;            // the first is the main line

  /// The first property of that name; nullptr without one.
  const SgfProperty* find(std::string_view name) const;
  friend bool operator==(const SgfNode&, const SgfNode&) = default;
};

struct SgfCollection {
  std::vector<SgfNode> nodes;  // parents before children
  std::vector<int> roots;      // one for each game, at least one
  bool cut_off = false;        // the text ended within the last node; no part of equality
  bool bare_root = false;      // the root had no ';'; no part of equality

  friend bool operator==(const SgfCollection& a, const SgfCollection& b) {
    return a.nodes == b.nodes && a.roots == b.roots;
  }
};

/// `bytes` in any encoding; `source` names them in errors, which are tengen::Error with the byte
/// offset (in the UTF-8 text, if the file was in another encoding).
SgfCollection parse_sgf_collection(std::string_view bytes, const std::string& source = "sgf");

/// The indices of a game's main line, the root first.
std::vector<int> main_line(const SgfCollection& collection, std::size_t game = 0);

/// FF[4] text that parses to an equal collection.
std::string write_sgf_collection(const SgfCollection& collection);

/// The meaning of a raw value of type Text: escapes are resolved, an escaped line break is none.
std::string sgf_text(std::string_view raw);
/// As SimpleText: line breaks and tabs are spaces as well.
std::string sgf_simple_text(std::string_view raw);
/// The raw value that means `text`.
std::string sgf_escaped(std::string_view text);

}  // namespace tengen::envs::go
