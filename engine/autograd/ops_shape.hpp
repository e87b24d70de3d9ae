// Differentiable changes of shape and reductions.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// Same numbers in row-major order, other shape of the same size. No copy.
Variable reshape(const Variable& x, const Shape& shape);

/// Sum of all elements, rank 0.
Variable sum(const Variable& x);
/// Mean of all elements, rank 0.
Variable mean(const Variable& x);
/// x [..., K] -> [...].
Variable sum_last_axis(const Variable& x);

}  // namespace tengen
