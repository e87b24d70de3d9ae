#include "nets/inference/reference_plan.hpp"

#include <algorithm>
#include <utility>

#include "engine/autograd/ops_activation.hpp"
#include "engine/autograd/ops_global_pool.hpp"
#include "engine/autograd/ops_group_norm.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/base/error.hpp"

namespace tengen::nets {

namespace {

using kernels::Binary;
using kernels::Unary;

Tensor activate(const kernels::Backend& backend, const PlanOp& op, Tensor x) {
  switch (op.activation) {
    case Activation::none:
      return x;
    case Activation::relu:
      return backend.unary(Unary::relu, x);
    case Activation::tanh:
      return backend.unary(Unary::tanh, x);
    case Activation::leaky_relu:
      return leaky_relu(Variable(x), op.slope).value();
    case Activation::sigmoid:
      return backend.unary(Unary::sigmoid, x);
    case Activation::gelu:
      return gelu(Variable(x)).value();
    case Activation::silu:
      return silu(Variable(x)).value();
  }
  bad_argument("evaluate_reference", "expected a known activation, got {}", int(op.activation));
}

Tensor maximum(const Tensor& a, const Tensor& b) {
  Tensor result = a.clone();
  const std::span<float> to = result.values<float>();
  const std::span<const float> other = b.values<float>();
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = std::max(to[i], other[i]);
  return result;
}

/// The op without the residual that is added and the activation.
Tensor apply(const kernels::Backend& backend, const PlanOp& op, const Tensor& x,
             const Tensor& residual) {
  switch (op.kind) {
    case PlanOp::Kind::conv:
      return backend.conv2d(x, op.weight, op.bias, op.conv);
    case PlanOp::Kind::dense: {
      const Tensor flat = x.reshape({x.dim(0), op.weight.dim(1)});
      return backend.binary(Binary::add, backend.matmul(flat, op.weight, false, true), op.bias);
    }
    case PlanOp::Kind::affine:
      return backend.binary(Binary::add, backend.binary(Binary::multiply, x, op.weight), op.bias);
    case PlanOp::Kind::add:
      return x;
    case PlanOp::Kind::pool:
      return backend.pool2d(x, op.pool);
    case PlanOp::Kind::global_pool:
      return global_average_pool(Variable(x)).value();
    case PlanOp::Kind::concat:
      return tengen::concat({Variable(x), Variable(residual)}, -1).value();
    case PlanOp::Kind::response_norm:
      return local_response_norm(Variable(x), op.response_norm).value();
    case PlanOp::Kind::group_norm:
      return group_norm(Variable(x), Variable(op.weight), Variable(op.bias), op.norm_groups,
                        op.epsilon)
          .value();
    case PlanOp::Kind::prelu:
      return prelu(Variable(x), Variable(op.weight)).value();
    case PlanOp::Kind::maximum:
      return maximum(x, residual);
  }
  bad_argument("evaluate_reference", "expected a known op, got {}", int(op.kind));
}

}  // namespace

ReferenceEvaluation evaluate_reference(const PlanGraph& graph, const Tensor& observations,
                                       const kernels::Backend& backend, const OnValue& on_value) {
  const std::int64_t batch = observations.shape().rank() == 4 ? observations.dim(0) : 0;
  const Shape expected{batch, graph.height, graph.width, graph.channels};
  if (observations.shape() != expected)
    bad_argument("evaluate_reference", "expected observations [N, {}, {}, {}], got {}",
                 graph.height, graph.width, graph.channels, to_string(observations.shape()));
  std::vector<Tensor> values(static_cast<std::size_t>(count_values(graph)));  // by number
  values[0] = observations;
  if (on_value) on_value(0, observations);
  for (const PlanOp& op : graph.ops) {
    const Tensor residual = op.residual >= 0 ? values.at(op.residual) : Tensor();
    Tensor y = apply(backend, op, values.at(op.input), residual);
    if (adds_residual(op)) y = backend.binary(Binary::add, y, residual);
    Tensor& result = values.at(op.output);
    result = activate(backend, op, std::move(y));
    if (on_value) on_value(op.output, result);
  }
  if (graph.value < 0) return {values.at(graph.policy_logits), Tensor()};
  Tensor value = values.at(graph.value).reshape({batch});
  if (graph.first_player_plane >= 0)
    for (std::int64_t i = 0; i < batch; ++i)
      value.values<float>()[i] *= value_sign(
          &observations.values<float>()[i * observations.size() / batch], graph.first_player_plane);
  return {values.at(graph.policy_logits), value};
}

}  // namespace tengen::nets
