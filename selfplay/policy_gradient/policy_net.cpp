#include "selfplay/policy_gradient/policy_net.hpp"

#include "engine/base/error.hpp"

namespace tengen::selfplay {

namespace {

nets::ImageShape planes_of(const envs::rl::Space& observations) {
  const std::vector<int>& shape = observations.shape();
  if (shape.size() != 3) return {0, 0, 0};
  return {shape[0], shape[1], shape[2]};
}

}  // namespace

std::unique_ptr<ActorCritic> make_policy_net(const PolicyGradientConfig& config,
                                             const envs::rl::EnvSpec& env, Rng& rng) {
  const ActorCriticShape shape{.inputs = env.observation_space.encoded_size(),
                               .layers = config.layers,
                               .hidden = config.hidden,
                               .body = config.body,
                               .planes = planes_of(env.observation_space),
                               .memory = config.memory,
                               .memory_units = config.memory_units,
                               .memory_span = config.memory_span,
                               .memory_window = config.memory_window,
                               .log_std = config.log_std};
  return make_actor_critic(shape, *Distribution::make(env.action_space, config.squash), rng);
}

std::vector<io::NamedTensor> weights_of(const ActorCritic& net, const std::string& prefix) {
  std::vector<io::NamedTensor> tensors;
  for (const NamedParameter& parameter : net.parameters())
    tensors.push_back({prefix + parameter.name, parameter.variable.value()});
  return tensors;
}

void read_weights(ActorCritic& net, const io::Safetensors& file, const std::string& path,
                  const std::string& prefix) {
  for (NamedParameter parameter : net.parameters()) {
    Tensor& value = parameter.variable.value();
    value.copy_from(find_tensor(file, path, prefix + parameter.name, value.shape(), value.dtype()));
  }
  net.prepare();
}

const Tensor& find_tensor(const io::Safetensors& file, const std::string& path,
                          const std::string& name, const Shape& shape, DType dtype) {
  const Tensor* found = file.find(name);
  if (!found || found->shape() != shape || found->dtype() != dtype)
    throw Error(path, fmt::format("expected a tensor \"{}\" {} {}", name, to_string(dtype),
                                  to_string(shape)));
  return *found;
}

}  // namespace tengen::selfplay
