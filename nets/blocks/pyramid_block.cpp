#include "nets/blocks/pyramid_block.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_pad.hpp"
#include "engine/base/error.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

PyramidBlock::PyramidBlock(int inputs, int outputs, const BodyStyle& style, Rng& rng)
    : norm1_(linear(style), inputs, rng),
      conv1_(conv_options(style, inputs, outputs, 3), rng),
      norm2_(style, outputs, rng),
      conv2_(conv_options(style, outputs, outputs, 3), rng),
      norm3_(linear(style), outputs, rng) {
  if (outputs < inputs)
    bad_argument("PyramidBlock", "expected at least {} channels, got {}", inputs, outputs);
  register_child("norm1", norm1_);
  register_child("conv1", conv1_);
  register_child("norm2", norm2_);
  register_child("conv2", conv2_);
  register_child("norm3", norm3_);
}

Variable PyramidBlock::forward(const Variable& x) {
  const Variable inner = norm2_.forward(conv1_.forward(norm1_.forward(x)));
  const Variable y = norm3_.forward(conv2_.forward(inner));
  return add(y, pad(x, -1, 0, y.shape()[3] - x.shape()[3]));
}

int PyramidBlock::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int normal = norm1_.emit(builder, name + ".norm1", input);
  const int inner = norm2_.emit_behind(builder, name + ".conv1", normal, conv1_);
  const int outputs = static_cast<int>(norm3_.channels());
  const int shortcut = builder.widen(name + ".shortcut", input, outputs);
  return norm3_.emit_behind(builder, name + ".conv2", inner, conv2_, shortcut);
}

}  // namespace tengen::nets
