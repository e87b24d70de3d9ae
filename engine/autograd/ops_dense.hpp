// A fully connected layer and its activation as one op: two tape nodes less a layer, and kernels
// for small nets (kernels/dense.hpp).
#pragma once

#include "engine/autograd/variable.hpp"
#include "engine/kernels/dense.hpp"

namespace tengen {

/// f(x W^T + b): x [M, K], weight [N, K], bias [N] -> [M, N]. Any dtype but f32 takes the ops that
/// it is made of.
Variable dense(const Variable& x, const Variable& weight, const Variable& bias,
               kernels::DenseActivation activation);

}  // namespace tengen
