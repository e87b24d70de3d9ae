#include "nets/parts.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_global_pool.hpp"
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

}  // namespace

ConvPart::ConvPart(Conv2dOptions options, Norm norm, Rng& rng)
    : conv_(with_bias(options, norm == Norm::none), rng),
      norm_(norm == Norm::batch ? std::make_unique<BatchNorm>(options.out_channels) : nullptr) {
  register_child("conv", conv_);
  if (norm_) register_child("norm", *norm_);
}

Variable ConvPart::forward(const Variable& x) {
  const Variable y = conv_.forward(x);
  return norm_ ? norm_->forward_relu(y) : relu(y);
}

int ConvPart::emit(GraphBuilder& builder, const std::string& name, int input) const {
  return builder.conv(name, input, conv_, norm_.get(), Activation::relu);
}

ConvPoolPart::ConvPoolPart(Conv2dOptions options, const kernels::Pool2dParams& pool, Rng& rng)
    : conv_(with_bias(options, true), rng), pool_(pool) {
  register_child("conv", conv_);
}

int ConvPoolPart::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int y = builder.conv(name, input, conv_, nullptr, Activation::relu);
  return builder.pool(name + ".pool", y, pool_);
}

DensePart::DensePart(std::int64_t inputs, int outputs, Activation activation, Rng& rng)
    : linear_(inputs, outputs, rng,
              activation == Activation::relu ? Linear::Init::he : Linear::Init::xavier),
      activation_(activation) {
  register_child("linear", linear_);
}

Variable DensePart::forward(const Variable& x) {
  const Variable y = linear_.forward(full_precision(Flatten().forward(x)));
  return activation_ == Activation::relu ? relu(y) : y;
}

int DensePart::emit(GraphBuilder& builder, const std::string& name, int input) const {
  return builder.dense(name, input, linear_, activation_);
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
