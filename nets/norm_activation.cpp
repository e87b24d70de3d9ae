#include "nets/norm_activation.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

namespace {

std::unique_ptr<GroupNorm> make_group_norm(const BodyStyle& style, std::int64_t channels) {
  if (style.norm == "group") return std::make_unique<GroupNorm>(channels, style.groups);
  if (style.norm == "layer") return std::make_unique<GroupNorm>(channels, 1);
  if (style.norm == "instance") return std::make_unique<InstanceNorm>(channels);
  return nullptr;
}

}  // namespace

BodyStyle parse_style(Spec& spec) {
  BodyStyle style;
  style.norm = spec.get_choice("norm", style.norm, "batch|group|layer|instance|none");
  if (style.norm == "group") style.groups = spec.get_int("groups", style.groups, 1, 4096);
  style.activation = parse_activation(spec);
  return style;
}

std::string to_spec(const BodyStyle& style) {
  std::string text = style.norm == "batch" ? "" : ",norm=" + style.norm;
  if (style.norm == "group") text += fmt::format(",groups={}", style.groups);
  return text + to_spec(style.activation);
}

BodyStyle linear(BodyStyle style) {
  style.activation = {.name = "none"};
  return style;
}

Conv2dOptions conv_options(const BodyStyle& style, int inputs, int outputs, int kernel) {
  return {.in_channels = inputs,
          .out_channels = outputs,
          .kernel = kernel,
          .bias = style.norm == "none"};
}

NormActivation::NormActivation(const BodyStyle& style, std::int64_t channels, Rng& rng)
    : channels_(channels),
      is_relu_(style.activation.name == "relu"),
      batch_(style.norm == "batch" ? std::make_unique<BatchNorm>(channels) : nullptr),
      group_(make_group_norm(style, channels)),
      activation_(make_activation(style.activation, channels, rng)) {
  if (batch_) register_child("", *batch_);
  if (group_) register_child("", *group_);
  if (activation_) register_child("activation", *activation_);
}

Variable NormActivation::forward(const Variable& x, const Variable& residual) {
  if (batch_ && is_relu_) return batch_->forward_relu(x, residual);
  Variable y = x;
  if (batch_) y = batch_->forward(x);
  if (group_) y = group_->forward(full_precision(x));
  if (residual.defined()) y = add(y, residual);
  return activation_ ? activation_->forward(y) : y;
}

int NormActivation::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int y = batch_   ? builder.affine(name, input, *batch_, Activation::none)
                : group_ ? builder.group_norm(name, input, *group_)
                         : builder.identity(name, input);
  return activation_ ? activation_->emit(builder, name + ".activation", y) : y;
}

int NormActivation::emit_behind(GraphBuilder& builder, const std::string& name, int input,
                                const Conv2d& conv, int residual) const {
  int y = builder.conv(name, input, conv, batch_.get(), Activation::none, group_ ? -1 : residual);
  if (group_) y = builder.group_norm(name + ".norm", y, *group_);
  if (group_ && residual >= 0) y = builder.add(name + ".add", y, residual, Activation::none);
  return activation_ ? activation_->emit(builder, name + ".activation", y) : y;
}

}  // namespace tengen::nets
