// Differentiable softmax and its logarithm over the last axis, safe against overflow (each row is
// shifted by its maximum).
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// x [..., A] -> same shape, rows that sum to 1.
Variable softmax(const Variable& x);
/// log(softmax(x)), without ever forming a zero probability.
Variable log_softmax(const Variable& x);

}  // namespace tengen
