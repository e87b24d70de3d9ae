// Chrono initialisation: gates that start by keeping a memory for as long as the task may need it.
//
// A gate of bias b keeps a share s(b) of the memory at each step and so forgets it within
// 1 / (1 - s(b)) = 1 + e^b steps. From a bias of 0 that is 2, and a gradient through 20 steps
// shrinks to a millionth. Biases log u, u uniform in [1, longest - 1], spread the units over 2 to
// `longest` steps.
// Source: Tallec and Ollivier, "Can recurrent neural networks warp time?" (2018), section 2.
#pragma once

#include "engine/base/random.hpp"
#include "engine/tensor/tensor.hpp"

namespace tengen {

/// fp32; longest >= 2, else throws std::invalid_argument.
Tensor chrono_bias(const Shape& shape, double longest, Rng& rng);

}  // namespace tengen
