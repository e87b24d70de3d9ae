#include "nets/mlp_net.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"
#include "engine/layers/flatten.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

namespace {

std::string hidden_name(std::size_t index) { return "hidden." + std::to_string(index); }

}  // namespace

MlpOptions parse_mlp(Spec& spec) {
  MlpOptions options;
  options.layers = spec.get_int("layers", options.layers, 1, 100);
  options.hidden = spec.get_int("hidden", options.hidden, 1, 65536);
  spec.finish();
  return options;
}

std::string to_spec(const MlpOptions& options) {
  return fmt::format("mlp:layers={},hidden={}", options.layers, options.hidden);
}

MlpNet::MlpNet(const MlpOptions& options, const NetIo& io, Rng& rng)
    : options_(options),
      io_(io),
      policy_(options.hidden, io.actions, rng, Linear::Init::xavier),
      value_(options.hidden, 1, rng, Linear::Init::xavier) {
  std::int64_t in = std::int64_t(io.height) * io.width * io.channels;
  for (int i = 0; i < options.layers; ++i) {
    hidden_.push_back(std::make_unique<Linear>(in, options.hidden, rng, Linear::Init::he));
    register_child(hidden_name(hidden_.size() - 1), *hidden_.back());
    in = options.hidden;
  }
  register_child("policy", policy_);
  register_child("value", value_);
}

PolicyValue MlpNet::forward(const Variable& observations) {
  Variable y = full_precision(Flatten().forward(observations));
  for (const std::unique_ptr<Linear>& layer : hidden_) y = relu(layer->forward(y));
  return {policy_.forward(y), reshape(tanh(value_.forward(y)), {y.shape()[0]})};
}

PlanGraph MlpNet::graph() const {
  GraphBuilder builder(io_.height, io_.width, io_.channels);
  int y = GraphBuilder::kInput;
  for (std::size_t i = 0; i < hidden_.size(); ++i)
    y = builder.dense(hidden_name(i), y, *hidden_[i], Activation::relu);
  const int policy = builder.dense("policy", y, policy_, Activation::none);
  const int value = builder.dense("value", y, value_, Activation::tanh);
  return std::move(builder).finish(policy, value);
}

}  // namespace tengen::nets
