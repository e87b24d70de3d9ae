// Every knob of policy gradient training, declared once (config_field.hpp), and the values that are
// known to work, by algorithm and environment.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "selfplay/config_field.hpp"

namespace tengen::selfplay {

struct PolicyGradientConfig {
  std::string algo = "ppo";
  std::string env = "CartPole-v1";
  std::uint64_t seed = 1;
  std::int64_t steps = 100000;

  int environments = 8;
  int rollout = 32;
  int epochs = 4;
  int minibatch = 64;
  int sequence = 0;
  int sequence_steps() const { return sequence > 0 ? sequence : rollout; }
  double learning_rate = 1e-3;
  bool anneal = true;
  double gamma = 0.98;
  double gae_lambda = 0.8;
  double clip_range = 0.2;
  double value_clip_range = 0;
  double entropy_coefficient = 0;
  double value_coefficient = 0.5;
  double max_gradient_norm = 0.5;
  double target_kl = 0;
  bool normalise_advantages = true;
  bool normalise_observations = false;
  bool normalise_rewards = false;
  bool baseline = true;

  int layers = 2;
  int hidden = 64;
  std::string body = "none";
  std::string memory = "none";
  int memory_units = 64;
  double memory_span = 0;
  int memory_window = 16;
  bool squash = false;
  double log_std = 0;

  int opponents = 0;
  int opponent_every = 20;
  int opening_plies = 0;

  std::int64_t evaluate_every = 10000;
  int evaluation_episodes = 20;
};

/// ppo, a2c, npg, reinforce.
std::set<std::string> policy_gradient_algorithms();

/// Every knob; the fields point into `config`. The first two are "algo" and "env".
std::vector<ConfigField> policy_gradient_fields(PolicyGradientConfig& config);

/// What training starts from where the user says nothing: values published for this algorithm and
/// environment, or the algorithm's usual ones. Throws as validate() does for an unknown algorithm.
PolicyGradientConfig usual_config(const std::string& algo, const std::string& env);

/// Throws std::invalid_argument that names the first bad knob and what it may be, or lists the
/// known algorithms or environments.
void validate(const PolicyGradientConfig& config);

std::map<std::string, std::string> to_map(const PolicyGradientConfig& config);
/// Absent knobs keep their default. Throws Error on an unknown name or a bad value.
PolicyGradientConfig policy_gradient_config_from_map(
    const std::map<std::string, std::string>& values);

}  // namespace tengen::selfplay
