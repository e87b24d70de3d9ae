// Binary cross entropy of logits: a Bernoulli output unit (sigmoid) and its negative log likelihood
// in one, which is safe for logits of any size.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// Mean over all elements of -t log y - (1 - t) log(1 - y) with y = sigmoid(logit); rank 0.
/// Targets in [0, 1], of the logits' shape and dtype. The gradient is (y - t) / number of elements.
Variable binary_cross_entropy(const Variable& logits, const Tensor& targets);

/// The sum over all elements, each times its weight; weights as the targets, of any size.
Variable weighted_binary_cross_entropy(const Variable& logits, const Tensor& targets,
                                       const Tensor& weights);

}  // namespace tengen
