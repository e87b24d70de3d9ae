// Cross entropy of probabilities, for outputs that are already normalised. On logits use
// softmax_cross_entropy.hpp, which cannot lose digits to a probability near zero.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

inline constexpr double kCrossEntropyFloor = 1e-7;  // keeps the logarithm finite

/// Mean over the N rows of -sum_a target log(probability + floor); rank 0. probabilities and
/// targets [N, A], of one dtype.
Variable cross_entropy(const Variable& probabilities, const Tensor& targets,
                       double floor = kCrossEntropyFloor);

/// Label smoothing (Szegedy et al. 2016, section 7): (1 - epsilon) target + epsilon / K, over rows
/// [..., K] of sum 1; epsilon in [0, 1].
Tensor smooth_labels(const Tensor& targets, double epsilon);

}  // namespace tengen
