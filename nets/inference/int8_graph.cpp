#include "nets/inference/int8_graph.hpp"

#include <algorithm>

namespace tengen::nets {

namespace {

PlanOp identity(const PlanOp& before, int output) {
  PlanOp op;
  op.kind = PlanOp::Kind::affine;
  op.name = before.name + ".round";
  op.input = before.output;
  op.output = output;
  op.weight = Tensor::full({before.out_channels}, 1.0);
  op.bias = Tensor::zeros({before.out_channels});
  op.out_height = before.out_height;
  op.out_width = before.out_width;
  op.out_channels = before.out_channels;
  return op;
}

}  // namespace

PlanGraph int8_graph(PlanGraph graph) {
  const auto is_first = [](const PlanOp& op) {
    return op.kind == PlanOp::Kind::conv && op.input == 0;
  };
  const auto first = std::find_if(graph.ops.begin(), graph.ops.end(), is_first);
  if (first == graph.ops.end()) return graph;
  const auto is_conv = [](const PlanOp& op) { return op.kind == PlanOp::Kind::conv; };
  if (std::none_of(first + 1, graph.ops.end(), is_conv)) return graph;
  const PlanOp round = identity(*first, count_values(graph));
  bool needed = false;
  for (auto op = first + 1; op != graph.ops.end(); ++op) {
    if (!is_conv(*op) && !is_max_pool(*op)) continue;
    for (int* value : {&op->input, &op->residual})
      if (*value == round.input) {
        *value = round.output;
        needed = true;
      }
  }
  if (needed) graph.ops.insert(first + 1, round);
  return graph;
}

}  // namespace tengen::nets
