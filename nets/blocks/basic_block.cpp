#include "nets/blocks/basic_block.hpp"

namespace tengen::nets {

BasicBlock::BasicBlock(int channels, const BodyStyle& style, Rng& rng)
    : conv1_(conv_options(style, channels, channels, 3), rng),
      norm1_(style, channels, rng),
      conv2_(conv_options(style, channels, channels, 3), rng),
      norm2_(style, channels, rng) {
  register_child("conv1", conv1_);
  register_child("norm1", norm1_);
  register_child("conv2", conv2_);
  register_child("norm2", norm2_);
}

Variable BasicBlock::forward(const Variable& x) {
  const Variable inner = norm1_.forward(conv1_.forward(x));
  return norm2_.forward(conv2_.forward(inner), x);
}

int BasicBlock::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int inner = norm1_.emit_behind(builder, name + ".conv1", input, conv1_);
  return norm2_.emit_behind(builder, name + ".conv2", inner, conv2_, input);
}

}  // namespace tengen::nets
