#include "nets/blocks/dense_layer.hpp"

#include "engine/autograd/ops_slice.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

DenseLayer::DenseLayer(int inputs, int growth, Rng& rng)
    : norm1_(inputs),
      conv1_({.in_channels = inputs, .out_channels = kBottleneck * growth, .kernel = 1}, rng),
      norm2_(kBottleneck * growth),
      conv2_({.in_channels = kBottleneck * growth, .out_channels = growth, .kernel = 3}, rng) {
  register_child("norm1", norm1_);
  register_child("conv1", conv1_);
  register_child("norm2", norm2_);
  register_child("conv2", conv2_);
}

Variable DenseLayer::forward(const Variable& x) {
  const Variable narrow = norm2_.forward_relu(conv1_.forward(norm1_.forward_relu(x)));
  return concat({x, conv2_.forward(narrow)}, -1);
}

int DenseLayer::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int active = builder.affine(name + ".norm1", input, norm1_, Activation::relu);
  const int narrow = builder.conv(name + ".conv1", active, conv1_, &norm2_, Activation::relu);
  const int grown = builder.conv(name + ".conv2", narrow, conv2_, nullptr, Activation::none);
  return builder.concat(name + ".concat", input, grown);
}

DenseTransition::DenseTransition(int inputs, int outputs, Rng& rng)
    : norm_(inputs),
      conv_({.in_channels = inputs, .out_channels = outputs, .kernel = 1}, rng),
      pool_({.kind = kernels::Pool2dParams::Kind::average}) {
  register_child("norm", norm_);
  register_child("conv", conv_);
}

Variable DenseTransition::forward(const Variable& x) {
  return pool_.forward(conv_.forward(norm_.forward_relu(x)));
}

int DenseTransition::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int active = builder.affine(name + ".norm", input, norm_, Activation::relu);
  const int narrow = builder.conv(name + ".conv", active, conv_, nullptr, Activation::none);
  return pool_.emit(builder, name + ".pool", narrow);
}

}  // namespace tengen::nets
