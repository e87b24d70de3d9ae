#include "nets/blocks/separable_block.hpp"

namespace tengen::nets {

SeparableBlock::SeparableBlock(int inputs, int outputs, int stride, Rng& rng)
    : depthwise_({.in_channels = inputs,
                  .out_channels = inputs,
                  .kernel = 3,
                  .stride = stride,
                  .groups = inputs},
                 BodyStyle{}, rng),
      pointwise_({.in_channels = inputs, .out_channels = outputs, .kernel = 1}, BodyStyle{}, rng) {
  register_child("depthwise", depthwise_);
  register_child("pointwise", pointwise_);
}

Variable SeparableBlock::forward(const Variable& x) {
  return pointwise_.forward(depthwise_.forward(x));
}

int SeparableBlock::emit(GraphBuilder& builder, const std::string& name, int input) const {
  return pointwise_.emit(builder, name + ".pointwise",
                         depthwise_.emit(builder, name + ".depthwise", input));
}

}  // namespace tengen::nets
