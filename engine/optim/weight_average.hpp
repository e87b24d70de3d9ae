// Exponential moving average of a net's weights (Polyak and Juditsky 1992; as KataGo and lc0 use
// it): the average of the last steps plays better than the last step, much as if the learning rate
// had decayed.
#pragma once

#include <cstdint>

#include "engine/layers/module.hpp"

namespace tengen {

/// average <- d average + (1 - d) net, over all parameters and buffers, after step number `step`
/// (from 1). d = min(decay, (1 + step) / (10 + step)), so that the first steps are not weighed down
/// by the initial weights. Both modules are of one architecture, f32.
void average_weights(Module& average, const Module& net, double decay, std::int64_t step);

}  // namespace tengen
