#include "engine/data/token_batch.hpp"

#include <algorithm>

#include "engine/base/error.hpp"

namespace tengen {

TokenBatch pad_tokens(const std::vector<std::vector<std::int32_t>>& sequences, std::int32_t fill) {
  TokenBatch batch;
  for (const auto& sequence : sequences)
    batch.lengths.push_back(static_cast<std::int64_t>(sequence.size()));
  if (batch.lengths.empty() || std::ranges::min(batch.lengths) == 0)
    bad_argument("pad_tokens", "expected sequences that are not empty, got {} in all, {} empty",
                 batch.lengths.size(), std::ranges::count(batch.lengths, 0));
  const std::int64_t longest = std::ranges::max(batch.lengths);
  batch.tokens =
      Tensor::full({static_cast<std::int64_t>(sequences.size()), longest}, fill, DType::i32);
  std::int32_t* row = batch.tokens.values<std::int32_t>().data();
  for (const auto& sequence : sequences) {
    std::ranges::copy(sequence, row);
    row += longest;
  }
  return batch;
}

}  // namespace tengen
