#include "engine/data/text_chunks.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/error.hpp"

namespace tengen {

TextChunks::TextChunks(std::vector<std::int32_t> tokens, std::int64_t steps)
    : tokens_(std::move(tokens)),
      steps_(steps),
      count_(steps < 1 ? 0 : (static_cast<std::int64_t>(tokens_.size()) - 1) / steps) {
  if (count_ < 1)
    bad_argument("TextChunks", "expected a text of more than {} tokens, got {}", steps,
                 tokens_.size());
}

TextBatch TextChunks::batch(std::span<const std::uint32_t> chunks) const {
  const auto rows = static_cast<std::int64_t>(chunks.size());
  TextBatch batch{Tensor({rows, steps_}, DType::i32), Tensor({rows, steps_}, DType::i32)};
  std::int32_t* in = batch.inputs.values<std::int32_t>().data();
  std::int32_t* out = batch.labels.values<std::int32_t>().data();
  for (const std::uint32_t chunk : chunks) {
    const std::int32_t* from = tokens_.data() + chunk * steps_;
    in = std::copy_n(from, steps_, in);
    out = std::copy_n(from + 1, steps_, out);
  }
  return batch;
}

std::vector<std::uint32_t> TextChunks::order(std::int64_t streams) const {
  if (streams < 1) bad_argument("TextChunks", "expected at least 1 stream, got {}", streams);
  const std::int64_t used = std::min(streams, count_), each = count_ / used;
  std::vector<std::uint32_t> order;
  for (std::int64_t i = 0; i < each; ++i)
    for (std::int64_t s = 0; s < used; ++s)
      order.push_back(static_cast<std::uint32_t>(s * each + i));
  return order;
}

}  // namespace tengen
