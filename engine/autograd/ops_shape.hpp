// Differentiable changes of shape and reductions.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// Same numbers in row-major order, other shape of the same size. No copy.
Variable reshape(const Variable& x, const Shape& shape);

/// The same numbers in another dtype; the gradient is converted back.
Variable cast(const Variable& x, DType dtype);
/// bf16 as f32, anything else unchanged: before what must not be rounded (heads, losses).
Variable full_precision(const Variable& x);

/// Sum of all elements, rank 0.
Variable sum(const Variable& x);
/// Mean of all elements, rank 0.
Variable mean(const Variable& x);
/// x [..., K] -> [...].
Variable sum_last_axis(const Variable& x);

}  // namespace tengen
