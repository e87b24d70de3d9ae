// Pairs of strings as a net sees them: characters as tokens, and batches for teacher forcing
// (Williams and Zipser 1989), where the decoder is fed the right answer so far at each step.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/data/text_pairs.hpp"
#include "engine/data/token_batch.hpp"
#include "engine/data/vocabulary.hpp"

namespace tengen {

struct TranslationBatch {
  TokenBatch source;
  Tensor inputs;  // i32 [N, T]: the boundary, then the target
  Tensor labels;  // i32 [N, T]: the target, then the boundary; then kIgnoreLabel
};

class TranslationPairs {
 public:
  /// Source and target share one vocabulary, that of all pairs. Throws std::invalid_argument for
  /// an empty source.
  explicit TranslationPairs(std::vector<TextPair> pairs);

  std::size_t size() const { return pairs_.size(); }
  const TextPair& operator[](std::size_t index) const { return pairs_[index]; }
  const Vocabulary& vocabulary() const { return vocabulary_; }

  /// The token that begins and ends every target, after the characters.
  std::int32_t boundary() const { return vocabulary_.size(); }
  /// Tokens in all.
  int symbols() const { return vocabulary_.size() + 1; }
  /// Tokens of the longest target, its last boundary included.
  int longest_target() const;

  TranslationBatch batch(std::span<const std::uint32_t> indices) const;

 private:
  std::vector<TextPair> pairs_;
  Vocabulary vocabulary_;
};

}  // namespace tengen
