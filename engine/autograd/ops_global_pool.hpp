// Differentiable pooling of a whole image, of any height and width, to one number per channel.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// x [N, ..., C] with at least one position -> [N, C]: the mean over all positions.
Variable global_average_pool(const Variable& x);
/// The maximum; the gradient goes to the first position that has it.
Variable global_max_pool(const Variable& x);

}  // namespace tengen
