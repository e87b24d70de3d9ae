#include "nets/blocks/pyramid_block.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_pad.hpp"
#include "engine/base/error.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

PyramidBlock::PyramidBlock(int inputs, int outputs, Rng& rng)
    : norm1_(inputs),
      conv1_({.in_channels = inputs, .out_channels = outputs, .kernel = 3}, rng),
      norm2_(outputs),
      conv2_({.in_channels = outputs, .out_channels = outputs, .kernel = 3}, rng),
      norm3_(outputs) {
  if (outputs < inputs)
    bad_argument("PyramidBlock", "expected at least {} channels, got {}", inputs, outputs);
  register_child("norm1", norm1_);
  register_child("conv1", conv1_);
  register_child("norm2", norm2_);
  register_child("conv2", conv2_);
  register_child("norm3", norm3_);
}

Variable PyramidBlock::forward(const Variable& x) {
  const Variable inner = norm2_.forward_relu(conv1_.forward(norm1_.forward(x)));
  const Variable y = norm3_.forward(conv2_.forward(inner));
  return add(y, pad(x, -1, 0, y.shape()[3] - x.shape()[3]));
}

int PyramidBlock::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int normal = builder.affine(name + ".norm1", input, norm1_, Activation::none);
  const int inner = builder.conv(name + ".conv1", normal, conv1_, &norm2_, Activation::relu);
  const int outputs = static_cast<int>(norm3_.gamma().size());
  const int shortcut = builder.widen(name + ".shortcut", input, outputs);
  return builder.conv(name + ".conv2", inner, conv2_, &norm3_, Activation::none, shortcut);
}

}  // namespace tengen::nets
