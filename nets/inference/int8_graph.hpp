// The graph of a net as int8 plans run it.
//
// The first and last layers of a net suffer most from 8 bits and cost least, so they stay in floats
// (the common choice: Krishnamoorthi, "Quantizing deep convolutional networks for efficient
// inference", 2018). A convolution of floats cannot write integers in oneDNN, so that what the
// first one makes for others passes through an op of its own, which does nothing but round.
#pragma once

#include "nets/inference/graph.hpp"

namespace tengen::nets {

/// The same function of the input; values beyond those of `graph` are numbered after them.
PlanGraph int8_graph(PlanGraph graph);

}  // namespace tengen::nets
