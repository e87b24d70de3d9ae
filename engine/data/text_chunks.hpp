// A text for a language model, cut into chunks of equal length that follow one another, for
// truncated backpropagation through time (Williams and Peng 1990).
//
// An epoch reads the text in several streams side by side, each from a place of its own: row s of
// every batch is the next chunk of stream s, so that a net can keep its state from batch to batch.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensor/tensor.hpp"

namespace tengen {

struct TextBatch {
  Tensor inputs;  // i32 [N, T]
  Tensor labels;  // i32 [N, T]: the token after each
};

class TextChunks {
 public:
  /// Chunks of `steps` tokens; what is left at the end, less than a chunk, is not used. Throws
  /// std::invalid_argument if there is no whole chunk (steps + 1 tokens).
  TextChunks(std::vector<std::int32_t> tokens, std::int64_t steps);

  /// They are numbered from 0 in the order of the text.
  std::int64_t count() const { return count_; }
  std::int64_t steps() const { return steps_; }
  TextBatch batch(std::span<const std::uint32_t> chunks) const;

  /// The chunks of an epoch in `streams` streams, batch after batch of one chunk from each; the
  /// last count() % streams chunks are left out. With fewer chunks than streams, each is a stream.
  std::vector<std::uint32_t> order(std::int64_t streams) const;

 private:
  std::vector<std::int32_t> tokens_;
  std::int64_t steps_, count_;
};

}  // namespace tengen
