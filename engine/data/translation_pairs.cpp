#include "engine/data/translation_pairs.hpp"

#include <algorithm>

#include "engine/base/error.hpp"
#include "engine/losses/masked_cross_entropy.hpp"

namespace tengen {

namespace {

std::string all_text(const std::vector<TextPair>& pairs) {
  std::string text;
  for (const TextPair& pair : pairs) {
    if (pair.source.empty())
      bad_argument("TranslationPairs", "expected sources that are not empty");
    text += pair.source + pair.target;
  }
  return text;
}

}  // namespace

TranslationPairs::TranslationPairs(std::vector<TextPair> pairs)
    : pairs_(std::move(pairs)), vocabulary_(all_text(pairs_)) {}

int TranslationPairs::longest_target() const {
  std::size_t longest = 0;
  for (const TextPair& pair : pairs_) longest = std::max(longest, pair.target.size());
  return static_cast<int>(longest) + 1;
}

TranslationBatch TranslationPairs::batch(std::span<const std::uint32_t> indices) const {
  std::vector<std::vector<std::int32_t>> sources, inputs, labels;
  for (const std::uint32_t index : indices) {
    sources.push_back(vocabulary_.encode(pairs_[index].source));
    inputs.push_back(vocabulary_.encode(pairs_[index].target));
    labels.push_back(inputs.back());
    inputs.back().insert(inputs.back().begin(), boundary());
    labels.back().push_back(boundary());
  }
  return {pad_tokens(sources, boundary()), pad_tokens(inputs, boundary()).tokens,
          pad_tokens(labels, kIgnoreLabel).tokens};
}

}  // namespace tengen
