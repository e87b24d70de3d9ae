// Differentiable matrix product.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// [M, K] x [K, N] -> [M, N]; a factor may be stored transposed ([K, M], [N, K]). Or batches of
/// matrices, multiplied pair by pair: [B, M, K] x [B, K, N] -> [B, M, N].
Variable matmul(const Variable& a, const Variable& b, bool transpose_a = false,
                bool transpose_b = false);

}  // namespace tengen
