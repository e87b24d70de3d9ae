// The ranges of a net's activations, which int8 inference needs to choose its steps.
//
// An int8 activation is a whole number of steps, one step for a whole tensor: x ~ step * q. Fewer,
// larger steps round more; smaller ones clip more. calibrate() runs the net in fp32 over sample
// positions and takes, for each value of the graph, the range that loses least in the square over
// them (cf. Migacz, "8-bit inference with TensorRT", 2017, which minimises a divergence instead).
// The positions should be like those that the plan will see: some hundred of the game's, or images
// that a classifier was trained on.
#pragma once

#include <span>
#include <vector>

#include "nets/inference/graph.hpp"

namespace tengen::nets {

/// What to represent of a value: numbers beyond are clipped.
struct ValueRange {
  float low = 0, high = 0;
};

struct Calibration {
  std::vector<ValueRange> ranges;  // by value number of int8_graph(); empty: none was made
};

/// observations: [positions, H, W, C], at least one position. Takes little longer than
/// evaluating the positions in fp32, on the calling thread's kernels::ScopedThreads.
Calibration calibrate(const PlanGraph& net, std::span<const float> observations, int positions);

}  // namespace tengen::nets
