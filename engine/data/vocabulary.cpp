#include "engine/data/vocabulary.hpp"

#include <algorithm>

#include "engine/base/error.hpp"
#include "engine/base/utf8.hpp"

namespace tengen {

Vocabulary::Vocabulary(std::string_view text) {
  const std::u32string all = decode_utf8(text);
  if (!all.empty()) numbers_.resize(std::ranges::max(all) + 1, -1);
  for (const char32_t code : all) numbers_[code] = 0;
  for (std::size_t code = 0; code < numbers_.size(); ++code) {
    if (numbers_[code] < 0) continue;
    numbers_[code] = size();
    characters_ += static_cast<char32_t>(code);
  }
}

std::vector<std::int32_t> Vocabulary::encode(std::string_view text) const {
  std::vector<std::int32_t> tokens;
  tokens.reserve(text.size());
  for (const char32_t code : decode_utf8(text)) {
    if (code >= numbers_.size() || numbers_[code] < 0) {
      std::string shown;
      append_utf8(shown, code);
      bad_argument("vocabulary", "expected one of the {} characters known, got '{}' (U+{:04X})",
                   size(), shown, std::uint32_t{code});
    }
    tokens.push_back(numbers_[code]);
  }
  return tokens;
}

std::string Vocabulary::decode(std::span<const std::int32_t> tokens) const {
  std::string text;
  for (const std::int32_t token : tokens) {
    if (token < 0 || token >= size())
      bad_argument("vocabulary", "expected tokens from 0 to {}, got {}", size() - 1, token);
    append_utf8(text, characters_[static_cast<std::size_t>(token)]);
  }
  return text;
}

}  // namespace tengen
