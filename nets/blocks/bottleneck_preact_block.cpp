#include "nets/blocks/bottleneck_preact_block.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

BottleneckPreactBlock::BottleneckPreactBlock(int channels, int inner, const BodyStyle& style,
                                             Rng& rng)
    : norm1_(style, channels, rng),
      conv1_(conv_options(style, channels, inner, 1), rng),
      norm2_(style, inner, rng),
      conv2_(conv_options(style, inner, inner, 3), rng),
      norm3_(style, inner, rng),
      conv3_(conv_options(style, inner, channels, 1), rng) {
  register_child("norm1", norm1_);
  register_child("conv1", conv1_);
  register_child("norm2", norm2_);
  register_child("conv2", conv2_);
  register_child("norm3", norm3_);
  register_child("conv3", conv3_);
}

Variable BottleneckPreactBlock::forward(const Variable& x) {
  const Variable reduced = conv1_.forward(norm1_.forward(x));
  const Variable inner = conv2_.forward(norm2_.forward(reduced));
  return add(conv3_.forward(norm3_.forward(inner)), x);
}

int BottleneckPreactBlock::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int active = norm1_.emit(builder, name + ".norm1", input);
  const int reduced = norm2_.emit_behind(builder, name + ".conv1", active, conv1_);
  const int inner = norm3_.emit_behind(builder, name + ".conv2", reduced, conv2_);
  return builder.conv(name + ".conv3", inner, conv3_, nullptr, Activation::none, input);
}

}  // namespace tengen::nets
