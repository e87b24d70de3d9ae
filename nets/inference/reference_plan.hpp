// A plain, slow evaluation of a PlanGraph, op by op through the reference backend: the oracle for
// InferencePlan and for the folding in GraphBuilder.
#pragma once

#include "nets/inference/graph.hpp"

namespace tengen::nets {

struct ReferenceEvaluation {
  Tensor policy_logits;  // [N, A]
  Tensor value;          // [N]
};

/// observations [N, H, W, C], fp32.
ReferenceEvaluation evaluate_reference(const PlanGraph& graph, const Tensor& observations);

}  // namespace tengen::nets
