// The characters of a task, numbered. A character is a Unicode code point of text in UTF-8.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tengen {

/// Texts that are not UTF-8 are std::invalid_argument (engine/base/utf8.hpp).
class Vocabulary {
 public:
  /// The different characters of `text`, numbered from 0 in ascending order of their code.
  explicit Vocabulary(std::string_view text);

  int size() const { return static_cast<int>(characters_.size()); }
  /// All of them, in order.
  const std::u32string& characters() const { return characters_; }

  /// Throws std::invalid_argument that names the first character that is not known.
  std::vector<std::int32_t> encode(std::string_view text) const;
  /// Numbers from 0 to size() - 1, else std::invalid_argument.
  std::string decode(std::span<const std::int32_t> tokens) const;

 private:
  std::u32string characters_;
  std::vector<std::int32_t> numbers_;  // by code, up to the largest; -1: unknown
};

}  // namespace tengen
