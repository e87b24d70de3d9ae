// Differentiable elementwise arithmetic and functions.
//
// Binary ops take equal shapes, or a second operand that is broadcast along the leading axes: its
// shape is a suffix of the first one's ([N, C] + [C]); its gradient is summed over those axes.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

Variable add(const Variable& a, const Variable& b);
Variable subtract(const Variable& a, const Variable& b);
Variable multiply(const Variable& a, const Variable& b);
Variable divide(const Variable& a, const Variable& b);

/// x times a constant.
Variable scale(const Variable& x, double factor);

/// max(x, 0); the gradient at 0 is 0.
Variable relu(const Variable& x);
Variable tanh(const Variable& x);
/// 1 / (1 + exp(-x)).
Variable sigmoid(const Variable& x);
Variable exp(const Variable& x);
/// Natural logarithm; x > 0.
Variable log(const Variable& x);
Variable square(const Variable& x);

}  // namespace tengen
