#include "engine/base/error.hpp"
#include "engine/kernels/onednn/kernels.hpp"
#include "engine/kernels/onednn/primitive.hpp"

namespace tengen::kernels::dnn {

namespace {

using dnnl::algorithm;

/// oneDNN's name of a function, and the two parameters that some algorithms take.
struct Eltwise {
  algorithm forward;
  algorithm backward;
  bool backward_from_output;  // else from the input
  float alpha = 0, beta = 0;
};

Eltwise eltwise_of(Unary op) {
  switch (op) {
    case Unary::relu:
      return {algorithm::eltwise_relu, algorithm::eltwise_relu_use_dst_for_bwd, true};
    case Unary::tanh:
      return {algorithm::eltwise_tanh, algorithm::eltwise_tanh_use_dst_for_bwd, true};
    case Unary::sigmoid:
      return {algorithm::eltwise_logistic, algorithm::eltwise_logistic_use_dst_for_bwd, true};
    case Unary::exp:
      return {algorithm::eltwise_exp, algorithm::eltwise_exp_use_dst_for_bwd, true};
    case Unary::log:
      return {algorithm::eltwise_log, algorithm::eltwise_log, false};
    case Unary::square:
      return {algorithm::eltwise_square, algorithm::eltwise_square, false};
    case Unary::negate:
      return {algorithm::eltwise_linear, algorithm::eltwise_linear, false, -1.0f, 0.0f};
  }
  bad_argument("unary", "expected a known operation, got {}", static_cast<int>(op));
}

dnnl::eltwise_forward::primitive_desc forward_description(algorithm kind, const Eltwise& eltwise,
                                                          std::int64_t size) {
  return {dnnl::eltwise_forward::desc(dnnl::prop_kind::forward_training, kind, matrix(1, size),
                                      eltwise.alpha, eltwise.beta),
          cpu_engine()};
}

PreparedPrimitive make_forward(Unary op, std::int64_t size) {
  const Eltwise eltwise = eltwise_of(op);
  PreparedPrimitive primitive{
      dnnl::eltwise_forward(forward_description(eltwise.forward, eltwise, size))};
  primitive.add(DNNL_ARG_SRC, matrix(1, size));
  primitive.add(DNNL_ARG_DST, matrix(1, size));
  return primitive;
}

PreparedPrimitive make_backward(Unary op, std::int64_t size) {
  const Eltwise eltwise = eltwise_of(op);
  const dnnl::eltwise_backward::primitive_desc description(
      dnnl::eltwise_backward::desc(eltwise.backward, matrix(1, size), matrix(1, size),
                                   eltwise.alpha, eltwise.beta),
      cpu_engine(), forward_description(eltwise.backward, eltwise, size));
  PreparedPrimitive primitive{dnnl::eltwise_backward(description)};
  primitive.add(eltwise.backward_from_output ? DNNL_ARG_DST : DNNL_ARG_SRC, matrix(1, size));
  primitive.add(DNNL_ARG_DIFF_DST, matrix(1, size));
  primitive.add(DNNL_ARG_DIFF_SRC, matrix(1, size));
  return primitive;
}

PrimitiveKey unary_key(Operation operation, Unary op, std::int64_t size) {
  return PrimitiveKey(operation).add(static_cast<std::int64_t>(op)).add(size);
}

}  // namespace

Tensor unary(Unary op, const Tensor& x) {
  Tensor y(x.shape());
  prepared(unary_key(Operation::unary, op, x.size()), [&] {
    return make_forward(op, x.size());
  }).run({{DNNL_ARG_SRC, x.data()}, {DNNL_ARG_DST, y.data()}});
  return y;
}

Tensor unary_backward(Unary op, const Tensor& dy, const Tensor& x, const Tensor& y) {
  Tensor dx(x.shape());
  PreparedPrimitive& primitive = prepared(unary_key(Operation::unary_backward, op, x.size()),
                                          [&] { return make_backward(op, x.size()); });
  const bool from_output = eltwise_of(op).backward_from_output;
  primitive.run({{from_output ? DNNL_ARG_DST : DNNL_ARG_SRC, from_output ? y.data() : x.data()},
                 {DNNL_ARG_DIFF_DST, dy.data()},
                 {DNNL_ARG_DIFF_SRC, dx.data()}});
  return dx;
}

}  // namespace tengen::kernels::dnn
