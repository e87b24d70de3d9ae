// What the cross entropies of logits share, as one op: log softmax and the sum under the targets.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// factor sum_n sum_a targets[n, a] log softmax(logits[n])[a], rank 0; logits and targets [..., A]
/// of one shape and dtype. No gradient flows into the targets, whose rows need not sum to 1.
Variable log_likelihood(const Variable& logits, const Tensor& targets, double factor);

}  // namespace tengen
