// Differentiable batch normalisation over all axes but the last (Ioffe and Szegedy 2015):
// y = gamma (x - mean) / sqrt(variance + epsilon) + beta.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// The result with the batch's own statistics, and these (biased variance), each [C].
struct BatchNormResult {
  Variable y;
  Tensor mean, variance;
};

/// Follows the norm within the same pass over memory: y = relu(norm(x) + residual).
struct NormTail {
  Variable residual;  // of x's shape; undefined: none
  bool relu = false;
};

/// x [..., C], gamma [C], beta [C]. The gradient flows through the statistics too.
BatchNormResult batch_norm_train(const Variable& x, const Variable& gamma, const Variable& beta,
                                 double epsilon, const NormTail& tail = {});

/// The norm with given statistics, which are constants to the gradient.
Variable batch_norm_eval(const Variable& x, const Variable& gamma, const Variable& beta,
                         const Tensor& mean, const Tensor& variance, double epsilon);

}  // namespace tengen
