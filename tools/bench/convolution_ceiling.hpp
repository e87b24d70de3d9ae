// The ceiling of a net on this machine: its convolutions alone, as oneDNN runs them in the layout
// of its own choice. No heads, no normalisation, no reorders, no copies: what a net that wasted
// nothing beside its convolutions would reach with this oneDNN.
#pragma once

#include <optional>

#include "nets/inference/graph.hpp"
#include "nets/inference/inference_plan.hpp"
#include "tools/bench/sampling.hpp"

namespace tengen::tools {

enum class ConvolutionPass {
  inference,  // forward with bias and ReLU fused
  training,   // forward, gradient of the data (not for the first layer) and of the weights
};

/// Whether the graph has convolutions at all: nets of dense layers have no such ceiling.
bool has_convolutions(const nets::PlanGraph& graph);

/// Work of one stream: every convolution of the graph once over `batch` positions, one after the
/// other; counts `batch` per call. The graph must have convolutions.
Work convolution_work(const nets::PlanGraph& graph, nets::Precision precision, ConvolutionPass pass,
                      int batch);

/// Positions/s of `threads` such streams at once, named with the precision; nullopt without
/// convolutions.
std::optional<Ceiling> convolution_ceiling(const nets::PlanGraph& graph, nets::Precision precision,
                                           ConvolutionPass pass, int batch, int threads);

}  // namespace tengen::tools
