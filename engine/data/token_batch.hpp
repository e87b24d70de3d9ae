// Sequences of tokens (numbers of a vocabulary) of different lengths as one matrix.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/tensor/tensor.hpp"

namespace tengen {

struct TokenBatch {
  Tensor tokens;                      // i32 [N, T]; a row's end is padding
  std::vector<std::int64_t> lengths;  // N, each from 1 to T
};

/// Pads to the longest with `fill`. At least one sequence, none of them empty, else
/// std::invalid_argument.
TokenBatch pad_tokens(const std::vector<std::vector<std::int32_t>>& sequences, std::int32_t fill);

}  // namespace tengen
