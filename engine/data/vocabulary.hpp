// The characters of a task, numbered. A character is a byte: text in UTF-8 works, as sequences of
// bytes.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tengen {

class Vocabulary {
 public:
  /// The different bytes of `text`, numbered from 0 in ascending order.
  explicit Vocabulary(std::string_view text);

  int size() const { return static_cast<int>(characters_.size()); }
  /// All of them, in order.
  const std::string& characters() const { return characters_; }

  /// Throws std::invalid_argument that names the first character that is not known.
  std::vector<std::int32_t> encode(std::string_view text) const;
  /// Numbers from 0 to size() - 1, else std::invalid_argument.
  std::string decode(std::span<const std::int32_t> tokens) const;

 private:
  std::string characters_;
  std::array<std::int32_t, 256> numbers_;  // -1: unknown
};

}  // namespace tengen
