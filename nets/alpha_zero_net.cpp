#include "nets/alpha_zero_net.hpp"

#include <algorithm>

#include "engine/base/error.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

AlphaZeroOptions parse_alpha_zero(Spec& spec) {
  AlphaZeroOptions options;
  TrunkOptions& trunk = options.trunk;
  trunk.blocks = spec.get_int("blocks", trunk.blocks, 1, 200);
  trunk.channels = spec.get_int("channels", trunk.channels, 1, 4096);
  trunk.form = parse_block_form(
      spec.get_choice("block", "basic", "basic|preact|bottleneck|bottleneck_preact"));
  trunk.bottleneck = std::max(1, trunk.channels / 2);
  if (is_bottleneck(trunk.form))
    trunk.bottleneck = spec.get_int("bottleneck", trunk.bottleneck, 1, 4096);
  options.policy_channels = spec.get_int("policy_channels", options.policy_channels, 1, 4096);
  options.value_channels = spec.get_int("value_channels", options.value_channels, 1, 4096);
  options.value_hidden = spec.get_int("value_hidden", options.value_hidden, 1, 65536);
  spec.finish();
  return options;
}

std::string to_spec(const AlphaZeroOptions& options) {
  const TrunkOptions& trunk = options.trunk;
  const std::string bottleneck =
      is_bottleneck(trunk.form) ? fmt::format(",bottleneck={}", trunk.bottleneck) : "";
  return fmt::format(
      "resnet:blocks={},channels={},block={}{},policy_channels={},value_channels={},"
      "value_hidden={}",
      trunk.blocks, trunk.channels, to_string(trunk.form), bottleneck, options.policy_channels,
      options.value_channels, options.value_hidden);
}

AlphaZeroNet::AlphaZeroNet(const AlphaZeroOptions& options, const NetIo& io, Rng& rng)
    : options_(options),
      io_(io),
      trunk_(io.channels, options.trunk, rng),
      policy_(io, options.trunk.channels, options.policy_channels, rng),
      value_(io, options.trunk.channels, options.value_channels, options.value_hidden, rng) {
  register_child("trunk", trunk_);
  register_child("policy", policy_);
  register_child("value", value_);
}

PolicyValue AlphaZeroNet::forward(const Variable& observations) {
  const Variable features = trunk_.forward(observations);
  return {policy_.forward(features), value_.forward(features)};
}

PlanGraph AlphaZeroNet::graph() const {
  GraphBuilder builder(io_.height, io_.width, io_.channels);
  const int features = trunk_.emit(builder, "trunk", GraphBuilder::kInput);
  const int policy = policy_.emit(builder, "policy", features);
  const int value = value_.emit(builder, "value", features);
  return std::move(builder).finish(policy, value);
}

}  // namespace tengen::nets
