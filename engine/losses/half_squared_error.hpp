// Sum of squared errors, halved: the loss whose gradient at an identity output is y - t.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// 1/2 of the sum over all elements of (prediction - target)^2; rank 0. Same shape and dtype.
/// It is also -log N(target | prediction, 1) up to a constant: a Gaussian output unit.
Variable half_squared_error(const Variable& prediction, const Tensor& target);

}  // namespace tengen
