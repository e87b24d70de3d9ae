// A layer of rows, [M, D] -> [M, K], applied to the last axis of a tensor of any rank: the same
// weights at every step of every sequence.
#pragma once

#include "engine/layers/module.hpp"

namespace tengen {

/// x [..., D] -> [..., K].
Variable at_each_step(Layer& layer, const Variable& x);

}  // namespace tengen
