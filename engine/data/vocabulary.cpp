#include "engine/data/vocabulary.hpp"

#include "engine/base/error.hpp"

namespace tengen {

Vocabulary::Vocabulary(std::string_view text) {
  numbers_.fill(-1);
  for (const char c : text) numbers_[static_cast<unsigned char>(c)] = 0;
  for (std::size_t byte = 0; byte < numbers_.size(); ++byte) {
    if (numbers_[byte] < 0) continue;
    numbers_[byte] = size();
    characters_ += static_cast<char>(byte);
  }
}

std::vector<std::int32_t> Vocabulary::encode(std::string_view text) const {
  std::vector<std::int32_t> tokens;
  tokens.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (numbers_[byte] < 0)
      bad_argument("vocabulary", "expected one of the {} characters known, got '{}' (byte {})",
                   size(), c, int{byte});
    tokens.push_back(numbers_[byte]);
  }
  return tokens;
}

std::string Vocabulary::decode(std::span<const std::int32_t> tokens) const {
  std::string text;
  for (const std::int32_t token : tokens) {
    if (token < 0 || token >= size())
      bad_argument("vocabulary", "expected tokens from 0 to {}, got {}", size() - 1, token);
    text += characters_[static_cast<std::size_t>(token)];
  }
  return text;
}

}  // namespace tengen
