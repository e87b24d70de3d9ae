// Kullback-Leibler divergence from the softmax of logits to target distributions.
//
// It differs from softmax_cross_entropy by the targets' entropy, a constant: the same gradient, but
// zero at its minimum. Used where the value itself matters (distillation, drift of a policy).
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// Mean over the N rows of sum_a target (log target - log softmax(logits)), with 0 log 0 = 0; rank
/// 0. logits and targets [N, A], of one dtype; target rows non-negative, of sum 1.
Variable kl_divergence(const Variable& logits, const Tensor& targets);

}  // namespace tengen
