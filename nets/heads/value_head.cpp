#include "nets/heads/value_head.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/layers/flatten.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

ValueHead::ValueHead(const NetIo& io, int trunk_channels, int channels, int hidden, Rng& rng)
    : conv_({.in_channels = trunk_channels, .out_channels = channels, .kernel = 1}, rng),
      norm_(channels),
      linear1_(std::int64_t(io.height) * io.width * channels, hidden, rng, Linear::Init::he),
      linear2_(hidden, 1, rng, Linear::Init::xavier) {
  register_child("conv", conv_);
  register_child("norm", norm_);
  register_child("linear1", linear1_);
  register_child("linear2", linear2_);
}

Variable ValueHead::forward(const Variable& x) {
  const Variable planes = norm_.forward_relu(full_precision(conv_.forward(x)));
  const Variable hidden = relu(linear1_.forward(Flatten().forward(planes)));
  return reshape(tanh(linear2_.forward(hidden)), {x.shape()[0]});
}

int ValueHead::emit(GraphBuilder& builder, const std::string& name, int input) const {
  const int planes = builder.conv(name + ".conv", input, conv_, &norm_, Activation::relu);
  const int hidden = builder.dense(name + ".linear1", planes, linear1_, Activation::relu);
  return builder.dense(name + ".linear2", hidden, linear2_, Activation::tanh);
}

}  // namespace tengen::nets
