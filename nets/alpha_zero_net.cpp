#include "nets/alpha_zero_net.hpp"

#include "engine/autograd/ops_elementwise.hpp"
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
  options.body = parse_body(spec, Purpose::games);
  options.policy_channels = spec.get_int("policy_channels", options.policy_channels, 1, 4096);
  options.value_channels = spec.get_int("value_channels", options.value_channels, 1, 4096);
  options.value_hidden = spec.get_int("value_hidden", options.value_hidden, 1, 65536);
  options.first_player_plane =
      spec.get_int("first_player_plane", options.first_player_plane, -1, 65535);
  options.ownership = spec.get_bool("ownership", options.ownership);
  spec.finish();
  return options;
}

std::string to_spec(const AlphaZeroOptions& options) {
  const std::string first_player =
      options.first_player_plane < 0
          ? ""
          : fmt::format(",first_player_plane={}", options.first_player_plane);
  return fmt::format("{},policy_channels={},value_channels={},value_hidden={}{}{}",
                     options.body.spec, options.policy_channels, options.value_channels,
                     options.value_hidden, first_player,
                     options.ownership ? ",ownership=true" : "");
}

AlphaZeroNet::AlphaZeroNet(const AlphaZeroOptions& options, const NetIo& io, Rng& rng)
    : options_(options),
      io_(io),
      trunk_(options.body.make({io.height, io.width, io.channels}, rng)),
      policy_(io_of(*trunk_, io), trunk_->output_shape().channels, options.policy_channels, rng),
      value_(io_of(*trunk_, io), trunk_->output_shape().channels, options.value_channels,
             options.value_hidden, rng) {
  if (options.first_player_plane >= io.channels)
    bad_argument("resnet", "expected first_player_plane below {} planes, got {}", io.channels,
                 options.first_player_plane);
  register_child("trunk", *trunk_);
  register_child("policy", policy_);
  register_child("value", value_);
  if (options.ownership) add_ownership(rng);
  initialise(*this, options.body.init, rng);
}

void AlphaZeroNet::add_ownership(Rng& rng) {
  const ImageShape features = trunk_->output_shape();
  if (features.height != io_.height || features.width != io_.width)
    bad_argument("net",
                 "expected a body that keeps the {}x{} of the board for ownership=true, "
                 "got one that makes {}x{} of it",
                 io_.height, io_.width, features.height, features.width);
  register_child("ownership", ownership_.emplace(features.channels, rng));
}

PolicyValue AlphaZeroNet::forward(const Variable& observations) {
  const Variable features = trunk_->forward(observations);
  const Variable value = value_.forward(features);
  return {policy_.forward(features),
          options_.first_player_plane < 0
              ? value
              : multiply(value, signs_of(observations.value(), value.value().dtype())),
          ownership_ ? ownership_->forward(features) : Variable()};
}

/// value_sign() of each observation, [N].
Variable AlphaZeroNet::signs_of(const Tensor& observations, DType dtype) const {
  const Tensor planes = observations.to(DType::f32);
  const std::int64_t batch = planes.dim(0);
  Tensor signs({batch});
  for (std::int64_t i = 0; i < batch; ++i)
    signs.values<float>()[i] =
        value_sign(&planes.values<float>()[i * planes.size() / batch], options_.first_player_plane);
  return Variable(signs.to(dtype));
}

PlanGraph AlphaZeroNet::graph() const {
  GraphBuilder builder(io_.height, io_.width, io_.channels);
  const int features = trunk_->emit(builder, "trunk", GraphBuilder::kInput);
  const int policy = policy_.emit(builder, "policy", features);
  const int value = value_.emit(builder, "value", features);
  PlanGraph graph = std::move(builder).finish(policy, value);
  graph.first_player_plane = options_.first_player_plane;
  return graph;
}

}  // namespace tengen::nets
