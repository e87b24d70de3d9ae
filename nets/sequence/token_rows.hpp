// Matrices of tokens and rows of sequences, rearranged: what recurrent nets over padded batches
// need, as their layers put time first.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/autograd/variable.hpp"
#include "engine/data/token_batch.hpp"

namespace tengen::nets {

/// i32 [N, T] -> [T, N].
Tensor time_first(const Tensor& tokens);

/// Each sequence from its last token to its first; padding stays at the end.
Tensor reversed_tokens(const TokenBatch& batch);
/// The same for the steps of x [T, N, H].
Variable reverse_sequences(const Variable& x, const std::vector<std::int64_t>& lengths);

/// Of x [T, N, H] the last real step of each sequence: [N, H].
Variable last_steps(const Variable& x, const std::vector<std::int64_t>& lengths);

}  // namespace tengen::nets
