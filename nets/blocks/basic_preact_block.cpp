#include "nets/blocks/basic_preact_block.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

BasicPreactBlock::BasicPreactBlock(int channels, double dropout, const BodyStyle& style, Rng& rng)
    : norm1_(style, channels, rng),
      conv1_(conv_options(style, channels, channels, 3), rng),
      norm2_(style, channels, rng),
      dropout_(dropout, rng.split(0)),
      conv2_(conv_options(style, channels, channels, 3), rng) {
  register_child("norm1", norm1_);
  register_child("conv1", conv1_);
  register_child("norm2", norm2_);
  register_child("dropout", dropout_);
  register_child("conv2", conv2_);
}

Variable BasicPreactBlock::forward(const Variable& x) {
  const Variable inner = conv1_.forward(norm1_.forward(x));
  return add(conv2_.forward(dropout_.forward(norm2_.forward(inner))), x);
}

int BasicPreactBlock::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int active = norm1_.emit(builder, name + ".norm1", input);
  const int inner = norm2_.emit_behind(builder, name + ".conv1", active, conv1_);
  return builder.conv(name + ".conv2", inner, conv2_, nullptr, Activation::none, input);
}

}  // namespace tengen::nets
