// A plain evaluation of a PlanGraph, op by op through a backend: with the reference backend the
// oracle for InferencePlan and for the folding in GraphBuilder; with oneDNN's the way to see every
// value between (see calibration.hpp).
#pragma once

#include <functional>

#include "nets/inference/graph.hpp"

namespace tengen::nets {

struct ReferenceEvaluation {
  Tensor policy_logits;  // [N, A]
  Tensor value;          // [N]; undefined for a classifier
};

/// observations [N, H, W, C], fp32. `on_value` sees every value of the graph, the observations (0)
/// first, as soon as it is made.
using OnValue = std::function<void(int value, const Tensor&)>;
ReferenceEvaluation evaluate_reference(const PlanGraph& graph, const Tensor& observations,
                                       const kernels::Backend& backend = kernels::reference(),
                                       const OnValue& on_value = {});

}  // namespace tengen::nets
