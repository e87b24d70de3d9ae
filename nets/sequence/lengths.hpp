// The lengths of a batch's sequences as a tensor, for a DecoderState.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/tensor/tensor.hpp"

namespace tengen::nets {

/// i32 [N].
inline Tensor lengths_tensor(const std::vector<std::int64_t>& lengths) {
  const std::vector<std::int32_t> values(lengths.begin(), lengths.end());
  return Tensor::from({static_cast<std::int64_t>(values.size())},
                      std::span<const std::int32_t>(values));
}

inline std::vector<std::int64_t> lengths_of(const Tensor& tensor) {
  const auto values = tensor.values<std::int32_t>();
  return {values.begin(), values.end()};
}

}  // namespace tengen::nets
