// Smooth L1 loss (Girshick 2015, eq. 3, with a width; Huber's loss over beta): quadratic near zero,
// linear far out, so that outliers pull with bounded force.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// Mean over all elements of d^2 / (2 beta) where |d| < beta, else |d| - beta / 2, with
/// d = prediction - target; rank 0. Same shape and dtype; beta > 0.
Variable smooth_l1(const Variable& prediction, const Tensor& target, double beta = 1.0);

}  // namespace tengen
