// The net that a config asks for, and its weights in files.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/io/safetensors.hpp"
#include "envs/rl/dynamics.hpp"
#include "selfplay/policy_gradient/actor_critic.hpp"
#include "selfplay/policy_gradient/policy_gradient_config.hpp"

namespace tengen::selfplay {

/// For the observations and actions of `env`.
std::unique_ptr<ActorCritic> make_policy_net(const PolicyGradientConfig& config,
                                             const envs::rl::EnvSpec& env, Rng& rng);

/// The parameters, each name with `prefix` before it, and back: the net is then prepared. Throws
/// Error (with `path`) if a tensor is missing or of another net.
std::vector<io::NamedTensor> weights_of(const ActorCritic& net, const std::string& prefix = "");
void read_weights(ActorCritic& net, const io::Safetensors& file, const std::string& path,
                  const std::string& prefix = "");
/// The tensor of this name; throws Error (with `path`) if it is missing or otherwise shaped.
const Tensor& find_tensor(const io::Safetensors& file, const std::string& path,
                          const std::string& name, const Shape& shape, DType dtype);

}  // namespace tengen::selfplay
