#include "nets/blocks/bottleneck_preact_block.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

BottleneckPreactBlock::BottleneckPreactBlock(int channels, int inner, Rng& rng)
    : norm1_(channels),
      conv1_({.in_channels = channels, .out_channels = inner, .kernel = 1}, rng),
      norm2_(inner),
      conv2_({.in_channels = inner, .out_channels = inner, .kernel = 3}, rng),
      norm3_(inner),
      conv3_({.in_channels = inner, .out_channels = channels, .kernel = 1}, rng) {
  register_child("norm1", norm1_);
  register_child("conv1", conv1_);
  register_child("norm2", norm2_);
  register_child("conv2", conv2_);
  register_child("norm3", norm3_);
  register_child("conv3", conv3_);
}

Variable BottleneckPreactBlock::forward(const Variable& x) {
  const Variable reduced = conv1_.forward(norm1_.forward_relu(x));
  const Variable inner = conv2_.forward(norm2_.forward_relu(reduced));
  return add(conv3_.forward(norm3_.forward_relu(inner)), x);
}

int BottleneckPreactBlock::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int active = builder.affine(name + ".norm1", input, norm1_, Activation::relu);
  const int reduced = builder.conv(name + ".conv1", active, conv1_, &norm2_, Activation::relu);
  const int inner = builder.conv(name + ".conv2", reduced, conv2_, &norm3_, Activation::relu);
  return builder.conv(name + ".conv3", inner, conv3_, nullptr, Activation::none, input);
}

}  // namespace tengen::nets
