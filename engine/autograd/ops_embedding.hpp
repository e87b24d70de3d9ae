// Differentiable choice of rows by index: the product of one-hot rows with a table, without
// forming either.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// table [V, D], indices (i32, each in [0, V)) of any shape [...] -> [..., D]. The gradient of a
/// row is the sum over all places that chose it, and zero for rows that nothing chose.
Variable embedding(const Variable& table, const Tensor& indices);

/// indices [...] (i32) -> [..., classes]: 1 at the index, else 0. Rows of the index `ignored` are
/// zero; any other index outside [0, classes) throws std::invalid_argument.
Tensor one_hot(const Tensor& indices, std::int64_t classes, DType dtype, int ignored = -1);

}  // namespace tengen
