#include "nets/heads/policy_head.hpp"

#include "engine/autograd/ops_shape.hpp"
#include "engine/layers/flatten.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

PolicyHead::PolicyHead(const NetIo& io, int trunk_channels, int channels, Rng& rng)
    : conv_({.in_channels = trunk_channels, .out_channels = channels, .kernel = 1}, rng),
      norm_(channels),
      linear_(std::int64_t(io.height) * io.width * channels, io.actions, rng,
              Linear::Init::xavier) {
  register_child("conv", conv_);
  register_child("norm", norm_);
  register_child("linear", linear_);
}

Variable PolicyHead::forward(const Variable& x) {
  const Variable planes = norm_.forward_relu(full_precision(conv_.forward(x)));
  return linear_.forward(Flatten().forward(planes));
}

int PolicyHead::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int planes = builder.conv(name + ".conv", input, conv_, &norm_, Activation::relu);
  return builder.dense(name + ".linear", planes, linear_, Activation::none);
}

}  // namespace tengen::nets
