// L2 regularisation as a term of the loss: c ||theta||^2, as in AlphaGo Zero (Silver et al. 2017,
// eq. 1). Its gradient is 2 c theta: the same as an optimiser's weight_decay of 2 c, at less cost
// there.
#pragma once

#include <span>

#include "engine/layers/module.hpp"

namespace tengen {

/// coefficient times the sum of squares of all parameters; rank 0. `parameters` is not empty.
Variable l2_penalty(std::span<const NamedParameter> parameters, double coefficient);

}  // namespace tengen
