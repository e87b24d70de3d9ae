#include "engine/base/error.hpp"
#include "nets/classifier.hpp"
#include "nets/policy_value_net.hpp"

namespace tengen::nets {

namespace {

std::string kind_of(const PlanOp& op) {
  switch (op.kind) {
    case PlanOp::Kind::conv:
      return fmt::format("conv{}x{}", op.weight.dim(1), op.weight.dim(2));
    case PlanOp::Kind::dense:
      return "dense";
    case PlanOp::Kind::affine:
      return "affine";
    case PlanOp::Kind::add:
      return "add";
    case PlanOp::Kind::pool:
      return fmt::format("{}pool{}x{}",
                         op.pool.kind == kernels::Pool2dParams::Kind::max ? "max" : "mean",
                         op.pool.kernel, op.pool.kernel);
    case PlanOp::Kind::global_pool:
      return "global mean";
    case PlanOp::Kind::concat:
      return "concat";
    case PlanOp::Kind::response_norm:
      return "response norm";
    case PlanOp::Kind::group_norm:
      return "group norm";
    case PlanOp::Kind::prelu:
      return "prelu";
    case PlanOp::Kind::maximum:
      return "maximum";
  }
  bad_argument("describe", "expected a known op, got {}", int(op.kind));
}

const char* to_string(Activation activation) {
  switch (activation) {
    case Activation::none:
      return "none";
    case Activation::relu:
      return "relu";
    case Activation::tanh:
      return "tanh";
    case Activation::leaky_relu:
      return "leaky relu";
    case Activation::sigmoid:
      return "sigmoid";
    case Activation::gelu:
      return "gelu";
    case Activation::silu:
      return "silu";
  }
  bad_argument("describe", "expected a known activation, got {}", int(activation));
}

std::string fused_with(const PlanOp& op) {
  std::string text;
  if (op.residual >= 0 && op.kind == PlanOp::Kind::conv) text += "+add";
  return op.activation == Activation::none ? text : text + "+" + to_string(op.activation);
}

std::string size_text(int height, int width, int channels) {
  return fmt::format("{}x{}x{}", height, width, channels);
}

std::int64_t parameters_of(const PlanOp& op) {
  return (op.weight.defined() ? op.weight.size() : 0) + (op.bias.defined() ? op.bias.size() : 0);
}

std::string describe_graph(const std::string& spec, const PlanGraph& graph,
                           std::int64_t trainable) {
  constexpr auto kRow = "{:<24}{:<18}{:>14}{:>14}{:>16}\n";
  std::string table = fmt::format("{}\n", spec);
  table += fmt::format(kRow, "layer", "op", "output", "parameters", "multiply-adds");
  table +=
      fmt::format(kRow, "input", "", size_text(graph.height, graph.width, graph.channels), "", "");
  std::int64_t parameters = 0;
  double multiply_adds = 0;
  for (const PlanOp& op : graph.ops) {
    parameters += parameters_of(op);
    multiply_adds += op.multiply_adds;
    table += fmt::format(kRow, op.name, kind_of(op) + fused_with(op),
                         size_text(op.out_height, op.out_width, op.out_channels), parameters_of(op),
                         fmt::format("{:.0f}", op.multiply_adds));
  }
  table += fmt::format(kRow, "total", "", "", parameters, fmt::format("{:.0f}", multiply_adds));
  table += fmt::format("{} trainable parameters before batch norm is folded into the layers\n",
                       trainable);
  return table;
}

}  // namespace

std::string describe(const PolicyValueNet& net) {
  return describe_graph(net.spec(), net.graph(), net.num_parameters()) +
         (net.has_ownership() ? "one of its heads, ownership, is not in the table: it is computed "
                                "in training and for single positions, not in searches\n"
                              : "");
}

std::string describe(const Classifier& net) {
  return describe_graph(net.spec(), net.graph(), net.num_parameters());
}

}  // namespace tengen::nets
