#include "nets/blocks/bottleneck_block.hpp"

namespace tengen::nets {

BottleneckBlock::BottleneckBlock(int channels, int inner, const BodyStyle& style, Rng& rng)
    : conv1_(conv_options(style, channels, inner, 1), rng),
      norm1_(style, inner, rng),
      conv2_(conv_options(style, inner, inner, 3), rng),
      norm2_(style, inner, rng),
      conv3_(conv_options(style, inner, channels, 1), rng),
      norm3_(style, channels, rng) {
  register_child("conv1", conv1_);
  register_child("norm1", norm1_);
  register_child("conv2", conv2_);
  register_child("norm2", norm2_);
  register_child("conv3", conv3_);
  register_child("norm3", norm3_);
}

Variable BottleneckBlock::forward(const Variable& x) {
  const Variable reduced = norm1_.forward(conv1_.forward(x));
  const Variable inner = norm2_.forward(conv2_.forward(reduced));
  return norm3_.forward(conv3_.forward(inner), x);
}

int BottleneckBlock::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int reduced = norm1_.emit_behind(builder, name + ".conv1", input, conv1_);
  const int inner = norm2_.emit_behind(builder, name + ".conv2", reduced, conv2_);
  return norm3_.emit_behind(builder, name + ".conv3", inner, conv3_, input);
}

}  // namespace tengen::nets
