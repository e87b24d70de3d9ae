#include "nets/inference/graph_builder.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/check.hpp"
#include "engine/layers/batch_norm.hpp"
#include "engine/layers/conv2d.hpp"
#include "engine/layers/group_norm.hpp"
#include "engine/layers/linear.hpp"

namespace tengen::nets {

namespace {

/// y = scale x + shift per channel, in double.
struct ChannelAffine {
  std::vector<double> scale, shift;
};

ChannelAffine affine_of(const BatchNorm& norm) {
  const auto doubles = [](const Tensor& tensor) {
    const Tensor converted = tensor.to(DType::f64);
    std::vector<double> numbers(static_cast<std::size_t>(tensor.size()));
    std::ranges::copy(converted.values<double>(), numbers.begin());
    return numbers;
  };
  const std::vector<double> gamma = doubles(norm.gamma()), beta = doubles(norm.beta());
  const std::vector<double> mean = doubles(norm.running_mean());
  const std::vector<double> variance = doubles(norm.running_variance());
  ChannelAffine affine;
  for (std::size_t c = 0; c < gamma.size(); ++c) {
    const double scale = gamma[c] / std::sqrt(variance[c] + norm.epsilon());
    affine.scale.push_back(scale);
    affine.shift.push_back(beta[c] - mean[c] * scale);
  }
  return affine;
}

Tensor to_tensor(const std::vector<double>& values) {
  const Tensor doubles = Tensor::from(Shape{std::int64_t(values.size())}, std::span(values));
  return doubles.to(DType::f32);
}

/// Copies of the layer's numbers, so that later training does not change the graph.
Tensor copy_as_float(const Tensor& tensor) {
  return tensor.dtype() == DType::f32 ? tensor.clone() : tensor.to(DType::f32);
}

Tensor bias_or_zeros(const Tensor& bias, std::int64_t channels) {
  return bias.defined() ? copy_as_float(bias) : Tensor::zeros({channels});
}

/// Puts `norm`, which follows the op, into the op's weight [out, ...] and bias [out].
void fold(const BatchNorm& norm, PlanOp& op) {
  const ChannelAffine affine = affine_of(norm);
  const std::span<float> weight = op.weight.values<float>(), bias = op.bias.values<float>();
  CHECK_INVARIANT(std::ssize(affine.scale) == op.bias.size());
  const auto row = static_cast<std::size_t>(op.weight.size() / op.bias.size());
  for (std::size_t out = 0; out < bias.size(); ++out) {
    for (float& w : weight.subspan(out * row, row)) w = float(w * affine.scale[out]);
    bias[out] = float(bias[out] * affine.scale[out] + affine.shift[out]);
  }
}

PlanOp named_op(PlanOp::Kind kind, const std::string& name, int input) {
  PlanOp op;
  op.kind = kind;
  op.name = name;
  op.input = input;
  return op;
}

bool takes_activation(const PlanOp& op) {
  return op.activation == Activation::none &&
         (op.kind == PlanOp::Kind::conv || op.kind == PlanOp::Kind::dense ||
          op.kind == PlanOp::Kind::affine || op.kind == PlanOp::Kind::add);
}

}  // namespace

GraphBuilder::GraphBuilder(int height, int width, int channels)
    : shapes_{{height, width, channels}} {
  graph_.height = height;
  graph_.width = width;
  graph_.channels = channels;
}

int GraphBuilder::append(PlanOp op, const ImageShape& shape) {
  op.output = int(shapes_.size());
  op.out_height = shape.height;
  op.out_width = shape.width;
  op.out_channels = shape.channels;
  graph_.ops.push_back(std::move(op));
  shapes_.push_back(shape);
  return graph_.ops.back().output;
}

int GraphBuilder::conv(const std::string& name, int input, const Conv2d& layer,
                       const BatchNorm* norm, Activation activation, int residual) {
  PlanOp op = named_op(PlanOp::Kind::conv, name, input);
  op.residual = residual;
  op.conv = layer.params();
  op.weight = copy_as_float(layer.weight());
  op.bias = bias_or_zeros(layer.bias(), layer.weight().dim(0));
  op.activation = activation;
  if (norm) fold(*norm, op);
  const ImageShape& in = shape_of(input);
  const ImageShape out{int(kernels::conv_output_size(in.height, op.weight.dim(1), op.conv)),
                       int(kernels::conv_output_size(in.width, op.weight.dim(2), op.conv)),
                       int(op.weight.dim(0))};
  op.multiply_adds = double(out.height) * out.width * double(op.weight.size());
  return append(std::move(op), out);
}

int GraphBuilder::dense(const std::string& name, int input, const Linear& layer,
                        Activation activation) {
  return dense(name, input, layer.weight(), layer.bias(), activation);
}

int GraphBuilder::dense(const std::string& name, int input, const Tensor& weight,
                        const Tensor& bias, Activation activation) {
  PlanOp op = named_op(PlanOp::Kind::dense, name, input);
  op.weight = copy_as_float(weight);
  op.bias = copy_as_float(bias);
  op.activation = activation;
  op.multiply_adds = double(op.weight.size());
  const ImageShape& in = shape_of(input);
  CHECK_INVARIANT(std::int64_t(in.height) * in.width * in.channels == op.weight.dim(1));
  const int out = int(op.weight.dim(0));
  return append(std::move(op), {1, 1, out});
}

int GraphBuilder::affine(const std::string& name, int input, const BatchNorm& norm,
                         Activation activation) {
  const ChannelAffine affine = affine_of(norm);
  PlanOp op = named_op(PlanOp::Kind::affine, name, input);
  op.weight = to_tensor(affine.scale);
  op.bias = to_tensor(affine.shift);
  op.activation = activation;
  const ImageShape shape = shape_of(input);
  op.multiply_adds = double(shape.height) * shape.width * shape.channels;
  return append(std::move(op), shape);
}

int GraphBuilder::identity(const std::string& name, int input) {
  const ImageShape shape = shape_of(input);
  PlanOp op = named_op(PlanOp::Kind::affine, name, input);
  op.weight = Tensor::full({shape.channels}, 1.0);
  op.bias = Tensor::zeros({shape.channels});
  return append(std::move(op), shape);
}

int GraphBuilder::activate(const std::string& name, int input, Activation activation,
                           double slope) {
  if (graph_.ops.empty() || graph_.ops.back().output != input ||
      !takes_activation(graph_.ops.back()))
    input = identity(name, input);
  graph_.ops.back().activation = activation;
  graph_.ops.back().slope = slope;
  return input;
}

int GraphBuilder::prelu(const std::string& name, int input, const Tensor& slopes) {
  PlanOp op = named_op(PlanOp::Kind::prelu, name, input);
  op.weight = copy_as_float(slopes);
  const ImageShape shape = shape_of(input);
  CHECK_INVARIANT(op.weight.size() == shape.channels);
  return append(std::move(op), shape);
}

int GraphBuilder::maximum(const std::string& name, int first, int second) {
  PlanOp op = named_op(PlanOp::Kind::maximum, name, first);
  op.residual = second;
  const ImageShape shape = shape_of(first);
  return append(std::move(op), shape);
}

int GraphBuilder::group_norm(const std::string& name, int input, const GroupNorm& norm) {
  PlanOp op = named_op(PlanOp::Kind::group_norm, name, input);
  op.norm_groups = static_cast<int>(norm.groups());
  op.epsilon = norm.epsilon();
  op.weight = copy_as_float(norm.gamma());
  op.bias = copy_as_float(norm.beta());
  const ImageShape shape = shape_of(input);
  op.multiply_adds = 2 * double(shape.size());  // the variance and the result
  return append(std::move(op), shape);
}

int GraphBuilder::add(const std::string& name, int input, int residual, Activation activation) {
  PlanOp op = named_op(PlanOp::Kind::add, name, input);
  op.residual = residual;
  op.activation = activation;
  const ImageShape shape = shape_of(input);
  return append(std::move(op), shape);
}

int GraphBuilder::widen(const std::string& name, int input, int channels) {
  const ImageShape in = shape_of(input);
  if (channels == in.channels) return input;
  PlanOp op = named_op(PlanOp::Kind::conv, name, input);
  op.weight = Tensor::zeros({channels, 1, 1, in.channels});
  const auto row = static_cast<std::size_t>(in.channels);
  Tensor square = op.weight.rows(0, in.channels);
  const std::span<float> numbers = square.values<float>();
  for (std::size_t i = 0; i < numbers.size(); i += row + 1) numbers[i] = 1;
  op.bias = Tensor::zeros({channels});
  return append(std::move(op), {in.height, in.width, channels});
}

int GraphBuilder::pool(const std::string& name, int input, const kernels::Pool2dParams& params) {
  PlanOp op = named_op(PlanOp::Kind::pool, name, input);
  op.pool = params;
  const kernels::Conv2dParams window{.stride = params.stride, .padding = params.padding};
  const ImageShape& in = shape_of(input);
  const ImageShape out{int(kernels::conv_output_size(in.height, params.kernel, window)),
                       int(kernels::conv_output_size(in.width, params.kernel, window)),
                       in.channels};
  return append(std::move(op), out);
}

int GraphBuilder::global_pool(const std::string& name, int input) {
  PlanOp op = named_op(PlanOp::Kind::global_pool, name, input);
  return append(std::move(op), {1, 1, shape_of(input).channels});
}

int GraphBuilder::concat(const std::string& name, int first, int second) {
  PlanOp op = named_op(PlanOp::Kind::concat, name, first);
  op.residual = second;
  ImageShape shape = shape_of(first);
  shape.channels += shape_of(second).channels;
  return append(std::move(op), shape);
}

int GraphBuilder::response_norm(const std::string& name, int input,
                                const LocalResponseNormOptions& options) {
  PlanOp op = named_op(PlanOp::Kind::response_norm, name, input);
  op.response_norm = options;
  const ImageShape shape = shape_of(input);
  op.multiply_adds = double(shape.size()) * options.size;
  return append(std::move(op), shape);
}

PlanGraph GraphBuilder::finish(int policy_logits, int value) && {
  graph_.policy_logits = policy_logits;
  graph_.value = value;
  return std::move(graph_);
}

}  // namespace tengen::nets
