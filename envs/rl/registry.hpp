// The one table of environments. Names and options as users type them:
//   "CartPole-v1"   "CartPole-v1:low=-0.1,high=0.1"   "Pendulum-v1:max_steps=500"
//   "connect_four:width=5,side=first"   (every game, against an opponent: game_env.hpp)
// Every environment takes, beside its own options: max_steps, its time limit (0: none);
// frame_stack and action_repeat (wrappers/).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "envs/rl/env.hpp"
#include "envs/rl/tabular/tabular.hpp"
#include "envs/rl/vector_env.hpp"

namespace tengen::envs::rl {

/// Both throw std::invalid_argument that lists the known environments, or names the wrong option.
Env make_env(std::string_view spec);
/// `count` > 0 copies, stepped at once.
std::unique_ptr<VectorEnv> make_vector_env(std::string_view spec, int count);

/// The rules alone, with frame_stack and action_repeat. Errors as above.
std::unique_ptr<Dynamics> make_dynamics(std::string_view spec);

/// The model of a tabular environment; throws if `spec` names another one.
std::shared_ptr<const TabularModel> tabular_model(std::string_view spec);

struct EnvInfo {
  std::string id, help;  // help: what it is and its own options with defaults, one line
};
std::vector<EnvInfo> known_envs();

}  // namespace tengen::envs::rl
