#include "nets/parts.hpp"

#include <span>

#include "engine/autograd/ops_global_pool.hpp"
#include "engine/autograd/ops_pool.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"
#include "engine/layers/flatten.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

namespace {

Conv2dOptions with_bias(Conv2dOptions options, bool bias) {
  options.bias = bias;
  return options;
}

/// Rows first, first + step, ... of a tensor [rows, ...].
Tensor every_row(const Tensor& tensor, std::int64_t first, std::int64_t step) {
  std::vector<std::int64_t> dims(tensor.shape().dims().begin(), tensor.shape().dims().end());
  dims[0] /= step;
  const Tensor from = tensor.to(DType::f32);
  const Tensor to{Shape(std::span<const std::int64_t>(dims))};
  for (std::int64_t row = 0, source = first; row < dims[0]; ++row, source += step)
    to.rows(row, row + 1).copy_from(from.rows(source, source + 1));
  return to;
}

}  // namespace

ConvPart::ConvPart(Conv2dOptions options, const BodyStyle& style, Rng& rng)
    : conv_(with_bias(options, style.norm == "none"), rng),
      norm_(style, options.out_channels, rng) {
  register_child("conv", conv_);
  register_child("norm", norm_);
}

Variable ConvPart::forward(const Variable& x) { return norm_.forward(conv_.forward(x)); }

int ConvPart::emit(GraphBuilder& builder, const std::string& name, int input) const {
  return norm_.emit_behind(builder, name, input, conv_);
}

ConvPoolPart::ConvPoolPart(Conv2dOptions options, const ActivationOptions& activation,
                           const kernels::Pool2dParams& pool, Rng& rng)
    : conv_(with_bias(options, true), rng),
      is_relu_(activation.name == "relu"),
      activation_(make_activation(activation, options.out_channels, rng)),
      pool_(pool) {
  register_child("conv", conv_);
  if (activation_) register_child("activation", *activation_);
}

Variable ConvPoolPart::forward(const Variable& x) {
  if (is_relu_) return conv_.forward_relu_pool(x, pool_);
  const Variable y = conv_.forward(x);
  return pool2d(activation_ ? activation_->forward(y) : y, pool_);
}

int ConvPoolPart::emit(GraphBuilder& builder, const std::string& name, int input) const {
  int y = builder.conv(name, input, conv_, nullptr, Activation::none);
  if (activation_) y = activation_->emit(builder, name + ".activation", y);
  return builder.pool(name + ".pool", y, pool_);
}

DensePart::DensePart(std::int64_t inputs, int outputs, const DenseStyle& style, Rng& rng,
                     const std::string& linear) {
  const bool maxout = style.activation.name == "maxout";
  if (maxout && style.drop_connect > 0)
    bad_argument("net", "expected drop_connect=0 with activation=maxout, got {:g}",
                 style.drop_connect);
  if (maxout) {
    maxout_ = std::make_unique<Maxout>(inputs, outputs, style.activation.pieces, rng);
    register_child(linear, *maxout_);
  } else if (style.drop_connect > 0) {
    drop_connect_ = std::make_unique<DropConnect>(inputs, outputs, style.drop_connect, rng);
    register_child(linear, *drop_connect_);
  } else {
    linear_ = std::make_unique<Linear>(
        inputs, outputs, rng,
        is_rectifier(style.activation) ? Linear::Init::he : Linear::Init::xavier);
    register_child(linear, *linear_);
  }
  if (!maxout) activation_ = make_activation(style.activation, outputs, rng);
  if (activation_) register_child("activation", *activation_);
  if (style.dropout == 0) return;
  dropout_ = std::make_unique<Dropout>(style.dropout, Rng(rng()));
  register_child("dropout", *dropout_);
}

Variable DensePart::forward(const Variable& x) {
  const Variable flat = full_precision(x.shape().rank() == 2 ? x : Flatten().forward(x));
  Variable y = maxout_         ? maxout_->forward(flat)
               : drop_connect_ ? drop_connect_->forward(flat)
                               : linear_->forward(flat);
  if (activation_) y = activation_->forward(y);
  return dropout_ ? dropout_->forward(y) : y;
}

int DensePart::emit(GraphBuilder& builder, const std::string& name, int input) const {
  if (maxout_) return emit_maxout(builder, name, input);
  const int y = drop_connect_ ? builder.dense(name, input, drop_connect_->weight(),
                                              drop_connect_->bias(), Activation::none)
                              : builder.dense(name, input, *linear_, Activation::none);
  return activation_ ? activation_->emit(builder, name + ".activation", y) : y;
}

/// A dense op for each piece, the largest of them unit by unit.
int DensePart::emit_maxout(GraphBuilder& builder, const std::string& name, int input) const {
  const Linear& pieces = maxout_->pieces();
  int y = -1;
  for (std::int64_t piece = 0; piece < maxout_->count(); ++piece) {
    const std::string number = "." + std::to_string(piece);
    const int next =
        builder.dense(name + number, input, every_row(pieces.weight(), piece, maxout_->count()),
                      every_row(pieces.bias(), piece, maxout_->count()), Activation::none);
    y = y < 0 ? next : builder.maximum(name + ".max" + number, y, next);
  }
  return y;
}

int PoolPart::emit(GraphBuilder& builder, const std::string& name, int input) const {
  return builder.pool(name, input, params_);
}

Variable GlobalPoolPart::forward(const Variable& x) {
  return global_average_pool(full_precision(x));
}

int GlobalPoolPart::emit(GraphBuilder& builder, const std::string& name, int input) const {
  return builder.global_pool(name, input);
}

DropoutPart::DropoutPart(double drop, const Rng& rng) : dropout_(drop, rng) {
  register_child("dropout", dropout_);
}

int ResponseNormPart::emit(GraphBuilder& builder, const std::string& name, int input) const {
  return builder.response_norm(name, input, options_);
}

void Chain::append(const std::string& name, std::unique_ptr<GraphLayer> part) {
  register_child(name, *part);
  parts_.emplace_back(name, std::move(part));
}

Variable Chain::forward(const Variable& x) {
  Variable y = x;
  for (const auto& [name, part] : parts_) y = part->forward(y);
  return y;
}

int Chain::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const std::string prefix = name.empty() ? "" : name + ".";
  int y = input;
  for (const auto& [part_name, part] : parts_) y = part->emit(builder, prefix + part_name, y);
  return y;
}

}  // namespace tengen::nets
