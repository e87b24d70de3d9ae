// Differentiable normalisation of each example by itself (Wu and He 2018): the channels fall into
// `groups` of neighbours, and each group is made standard over its channels and all positions.
//
//   y = gamma (x - mean) / sqrt(variance + epsilon) + beta, the variance biased
//
// One group is layer norm over the whole example, a group for each channel instance norm. Nothing
// depends on the rest of the batch, so training and evaluation are the same.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// x [N, ..., C], gamma and beta [C] -> x's shape; `groups` divides C.
Variable group_norm(const Variable& x, const Variable& gamma, const Variable& beta,
                    std::int64_t groups, double epsilon);

/// Over the last axis alone (Ba, Kiros and Hinton 2016): x [..., C], gamma and beta [C].
Variable layer_norm(const Variable& x, const Variable& gamma, const Variable& beta, double epsilon);

}  // namespace tengen
