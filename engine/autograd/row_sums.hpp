// Sums over the last axis and their adjoint, on plain tensors: shared by the ops that need them.
#pragma once

#include "engine/tensor/tensor.hpp"

namespace tengen {

/// x [..., K] -> [M, 1], M the product of the other dimensions.
Tensor row_sums(const Tensor& x);

/// rows, of M elements -> `shape` [..., K]: each row filled with its element.
Tensor spread_rows(const Tensor& rows, const Shape& shape);

}  // namespace tengen
