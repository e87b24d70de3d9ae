// Differentiable two-dimensional convolution (cross-correlation, as everywhere in the field).
#pragma once

#include "engine/autograd/variable.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

/// x [N, H, W, C], weight [O, kh, kw, C / groups], bias [O] or an undefined Variable
/// -> [N, Ho, Wo, O]. Where x is bf16, so is the result; weight, bias and their gradients are f32.
Variable conv2d(const Variable& x, const Variable& weight, const Variable& bias,
                const kernels::Conv2dParams& params = {});

}  // namespace tengen
