#include "nets/blocks/basic_preact_block.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

BasicPreactBlock::BasicPreactBlock(int channels, double dropout, Rng& rng)
    : norm1_(channels),
      conv1_({.in_channels = channels, .out_channels = channels, .kernel = 3}, rng),
      norm2_(channels),
      dropout_(dropout, rng.split(0)),
      conv2_({.in_channels = channels, .out_channels = channels, .kernel = 3}, rng) {
  register_child("norm1", norm1_);
  register_child("conv1", conv1_);
  register_child("norm2", norm2_);
  register_child("dropout", dropout_);
  register_child("conv2", conv2_);
}

Variable BasicPreactBlock::forward(const Variable& x) {
  const Variable inner = conv1_.forward(norm1_.forward_relu(x));
  return add(conv2_.forward(dropout_.forward(norm2_.forward_relu(inner))), x);
}

int BasicPreactBlock::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int active = builder.affine(name + ".norm1", input, norm1_, Activation::relu);
  const int inner = builder.conv(name + ".conv1", active, conv1_, &norm2_, Activation::relu);
  return builder.conv(name + ".conv2", inner, conv2_, nullptr, Activation::none, input);
}

}  // namespace tengen::nets
