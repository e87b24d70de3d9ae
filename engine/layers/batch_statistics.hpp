// The running statistics of batch norms made anew for weights that no training step has seen, such
// as an average of several nets' (Izmailov et al. 2018, section 3.2): means over whole batches
// instead of the moving averages of training.
#pragma once

#include <cstdint>
#include <functional>

#include "engine/layers/module.hpp"

namespace tengen {

/// Calls forward(0) ... forward(batches - 1), each of which runs `net` over a batch in this thread,
/// in training mode and without gradients. Every batch norm then has for running statistics the
/// means of its statistics of these batches. The weights stay; `net` is in eval mode afterwards.
void recompute_statistics(Module& net, std::int64_t batches,
                          const std::function<void(std::int64_t batch)>& forward);

/// What batch norms keep of their running statistics at a batch: `usual`, or within
/// recompute_statistics() what makes them means.
double statistics_momentum(double usual);

}  // namespace tengen
