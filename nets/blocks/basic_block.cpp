#include "nets/blocks/basic_block.hpp"

#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

BasicBlock::BasicBlock(int channels, Rng& rng)
    : conv1_({.in_channels = channels, .out_channels = channels, .kernel = 3}, rng),
      norm1_(channels),
      conv2_({.in_channels = channels, .out_channels = channels, .kernel = 3}, rng),
      norm2_(channels) {
  register_child("conv1", conv1_);
  register_child("norm1", norm1_);
  register_child("conv2", conv2_);
  register_child("norm2", norm2_);
}

Variable BasicBlock::forward(const Variable& x) {
  const Variable inner = norm1_.forward_relu(conv1_.forward(x));
  return norm2_.forward_relu(conv2_.forward(inner), x);
}

int BasicBlock::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int inner = builder.conv(name + ".conv1", input, conv1_, &norm1_, Activation::relu);
  return builder.conv(name + ".conv2", inner, conv2_, &norm2_, Activation::relu, input);
}

}  // namespace tengen::nets
