// Mean squared error.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// Mean over all elements of (prediction - target)^2; rank 0. Same shape and dtype.
Variable mean_squared_error(const Variable& prediction, const Tensor& target);

}  // namespace tengen
