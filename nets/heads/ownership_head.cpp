#include "nets/heads/ownership_head.hpp"

#include "engine/autograd/ops_shape.hpp"

namespace tengen::nets {

OwnershipHead::OwnershipHead(int trunk_channels, Rng& rng)
    : conv_({.in_channels = trunk_channels, .out_channels = 1, .kernel = 1, .bias = true}, rng) {
  register_child("conv", conv_);
}

Variable OwnershipHead::forward(const Variable& x) {
  const Shape& shape = x.shape();
  return reshape(full_precision(conv_.forward(x)), {shape[0], shape[1], shape[2]});
}

}  // namespace tengen::nets
