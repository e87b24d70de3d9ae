// Cross entropy between target distributions and the softmax of logits.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// Mean over the N rows of -sum_a target log softmax(logits); rank 0. logits [N, A]; targets [N, A]
/// of the same dtype, non-negative rows, usually of sum 1 (then dL/dlogits = (softmax - target) /
/// N).
Variable softmax_cross_entropy(const Variable& logits, const Tensor& targets);

}  // namespace tengen
