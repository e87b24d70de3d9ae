// Penalties on weights as terms of the loss: lasso, ridge, elastic net, and the distance between
// two sets of weights that should stay alike. (l2_penalty.hpp is AlphaGo Zero's ridge, c times the
// squares without the half.)
#pragma once

#include <span>

#include "engine/layers/module.hpp"

namespace tengen {

/// Lasso (Tibshirani 1996): lambda sum |w|; rank 0. The gradient at 0 is 0.
Variable l1_penalty(std::span<const NamedParameter> parameters, double lambda);

/// Ridge: lambda / 2 sum w^2, whose gradient lambda w is that of weight decay.
Variable ridge_penalty(std::span<const NamedParameter> parameters, double lambda);

/// Elastic net (Zou and Hastie 2005): lambda (mix sum |w| + (1 - mix) / 2 sum w^2), mix in [0, 1].
Variable elastic_net_penalty(std::span<const NamedParameter> parameters, double lambda, double mix);

/// Soft tying: lambda / 2 ||a - b||^2 draws two tensors of one shape together. (To share one tensor
/// for good, give the same Variable to both uses.)
Variable tying_penalty(const Variable& a, const Variable& b, double lambda);

}  // namespace tengen
