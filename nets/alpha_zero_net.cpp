#include "nets/alpha_zero_net.hpp"

#include "engine/base/error.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

namespace {

/// What the heads are fitted to.
NetIo io_of(const Body& body, const NetIo& io) {
  const ImageShape shape = body.output_shape();
  return {shape.height, shape.width, shape.channels, io.actions};
}

}  // namespace

AlphaZeroOptions parse_alpha_zero(Spec& spec) {
  AlphaZeroOptions options;
  options.body = parse_body(spec);
  if (!options.body.for_games)
    bad_argument("net", "expected a body for games ({}), got \"{}\"", body_names(true),
                 spec.name());
  options.policy_channels = spec.get_int("policy_channels", options.policy_channels, 1, 4096);
  options.value_channels = spec.get_int("value_channels", options.value_channels, 1, 4096);
  options.value_hidden = spec.get_int("value_hidden", options.value_hidden, 1, 65536);
  spec.finish();
  return options;
}

std::string to_spec(const AlphaZeroOptions& options) {
  return fmt::format("{},policy_channels={},value_channels={},value_hidden={}", options.body.spec,
                     options.policy_channels, options.value_channels, options.value_hidden);
}

AlphaZeroNet::AlphaZeroNet(const AlphaZeroOptions& options, const NetIo& io, Rng& rng)
    : options_(options),
      io_(io),
      trunk_(options.body.make({io.height, io.width, io.channels}, rng)),
      policy_(io_of(*trunk_, io), trunk_->output_shape().channels, options.policy_channels, rng),
      value_(io_of(*trunk_, io), trunk_->output_shape().channels, options.value_channels,
             options.value_hidden, rng) {
  register_child("trunk", *trunk_);
  register_child("policy", policy_);
  register_child("value", value_);
}

PolicyValue AlphaZeroNet::forward(const Variable& observations) {
  const Variable features = trunk_->forward(observations);
  return {policy_.forward(features), value_.forward(features)};
}

PlanGraph AlphaZeroNet::graph() const {
  GraphBuilder builder(io_.height, io_.width, io_.channels);
  const int features = trunk_->emit(builder, "trunk", GraphBuilder::kInput);
  const int policy = policy_.emit(builder, "policy", features);
  const int value = value_.emit(builder, "value", features);
  return std::move(builder).finish(policy, value);
}

}  // namespace tengen::nets
