// Averages of a net's weights in the course of training, which do better than the weights of the
// last step, much as if the learning rate had decayed: a moving one over the last steps (Polyak and
// Juditsky 1992; as KataGo and lc0 use it), or an equal one of weights some way apart, one an epoch
// at a rate that stays high (stochastic weight averaging, Izmailov et al. 2018).
#pragma once

#include <cstdint>

#include "engine/layers/module.hpp"

namespace tengen {

// Both average all parameters and buffers. The modules are of one architecture, f32.

/// The moving average: average <- d average + (1 - d) net after step number `step` (from 1).
/// d = min(decay, (1 + step) / (10 + step)), so that the first steps are not weighed down by the
/// initial weights.
void average_weights(Module& average, const Module& net, double decay, std::int64_t step);

/// The equal one: of the mean of `count` nets that of these and `net`; with a count of 0, a copy.
/// Running statistics of batch norms do not suit averaged weights: recompute_statistics().
void average_equally(Module& average, const Module& net, std::int64_t count);

}  // namespace tengen
