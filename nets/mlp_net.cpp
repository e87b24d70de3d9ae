#include "nets/mlp_net.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

namespace {

std::string hidden_name(std::size_t index) { return "hidden." + std::to_string(index); }

}  // namespace

MlpNetOptions parse_mlp_net(Spec& spec) {
  const MlpNetOptions options{parse_mlp(spec, 64, 2), parse_initial_weights(spec)};
  spec.finish();
  return options;
}

std::string to_spec(const MlpNetOptions& options) {
  return to_spec(options.layers) + to_spec(options.init);
}

MlpNet::MlpNet(const MlpNetOptions& options, const NetIo& io, Rng& rng)
    : options_(options),
      io_(io),
      policy_(options.layers.hidden.back(), io.actions, rng, Linear::Init::xavier),
      value_(options.layers.hidden.back(), 1, rng, Linear::Init::xavier) {
  std::int64_t in = std::int64_t(io.height) * io.width * io.channels;
  for (const int units : options.layers.hidden) {
    hidden_.push_back(std::make_unique<DensePart>(in, units, options.layers.style, rng, ""));
    register_child(hidden_name(hidden_.size() - 1), *hidden_.back());
    in = units;
  }
  register_child("policy", policy_);
  register_child("value", value_);
  initialise(*this, options.init, rng);
}

PolicyValue MlpNet::forward(const Variable& observations) {
  Variable y = observations;
  for (const std::unique_ptr<DensePart>& layer : hidden_) y = layer->forward(y);
  return {policy_.forward(y), reshape(tanh(value_.forward(y)), {y.shape()[0]}), {}};
}

PlanGraph MlpNet::graph() const {
  GraphBuilder builder(io_.height, io_.width, io_.channels);
  int y = GraphBuilder::kInput;
  for (std::size_t i = 0; i < hidden_.size(); ++i) y = hidden_[i]->emit(builder, hidden_name(i), y);
  const int policy = builder.dense("policy", y, policy_, Activation::none);
  const int value = builder.dense("value", y, value_, Activation::tanh);
  return std::move(builder).finish(policy, value);
}

}  // namespace tengen::nets
