// Differentiable cutting, joining and reordering of tensors along their axes. Results are copies:
// a Tensor is always contiguous. Negative axes count from the end.
#pragma once

#include <span>
#include <vector>

#include "engine/autograd/variable.hpp"

namespace tengen {

/// The part of x with begin <= index < end along `axis`.
Variable slice(const Variable& x, int axis, std::int64_t begin, std::int64_t end);
/// slice() of one index, without that axis.
Variable select(const Variable& x, int axis, std::int64_t index);

/// At least one part; equal shapes but for `axis`.
Variable concat(const std::vector<Variable>& parts, int axis);
/// Equal shapes, joined along a new axis before the first: T times [...] -> [T, ...].
Variable stack(const std::vector<Variable>& parts);

/// Axis i of the result is axis order[i] of x; `order` is a permutation of all axes.
Variable permute(const Variable& x, const std::vector<int>& order);
/// `count` copies along a new axis at position `axis`: [B, D] at axis 1 -> [B, count, D].
Variable repeat(const Variable& x, int axis, std::int64_t count);
/// Index i along `axis` becomes size - 1 - i.
Variable reverse(const Variable& x, int axis);

}  // namespace tengen
