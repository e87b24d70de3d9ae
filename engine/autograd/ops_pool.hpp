// Differentiable two-dimensional pooling.
#pragma once

#include "engine/autograd/variable.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

/// x [N, H, W, C] -> [N, Ho, Wo, C]. Max pooling sends the gradient to the first maximum.
Variable pool2d(const Variable& x, const kernels::Pool2dParams& params);

}  // namespace tengen
