#include "nets/blocks/bottleneck_block.hpp"

#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

BottleneckBlock::BottleneckBlock(int channels, int inner, Rng& rng)
    : conv1_({.in_channels = channels, .out_channels = inner, .kernel = 1}, rng),
      norm1_(inner),
      conv2_({.in_channels = inner, .out_channels = inner, .kernel = 3}, rng),
      norm2_(inner),
      conv3_({.in_channels = inner, .out_channels = channels, .kernel = 1}, rng),
      norm3_(channels) {
  register_child("conv1", conv1_);
  register_child("norm1", norm1_);
  register_child("conv2", conv2_);
  register_child("norm2", norm2_);
  register_child("conv3", conv3_);
  register_child("norm3", norm3_);
}

Variable BottleneckBlock::forward(const Variable& x) {
  const Variable reduced = norm1_.forward_relu(conv1_.forward(x));
  const Variable inner = norm2_.forward_relu(conv2_.forward(reduced));
  return norm3_.forward_relu(conv3_.forward(inner), x);
}

int BottleneckBlock::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int reduced = builder.conv(name + ".conv1", input, conv1_, &norm1_, Activation::relu);
  const int inner = builder.conv(name + ".conv2", reduced, conv2_, &norm2_, Activation::relu);
  return builder.conv(name + ".conv3", inner, conv3_, &norm3_, Activation::relu, input);
}

}  // namespace tengen::nets
