#include "selfplay/policy_gradient/policy_gradient_config.hpp"

#include <algorithm>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"
#include "envs/rl/registry.hpp"
#include "selfplay/policy_gradient/shared_body.hpp"

namespace tengen::selfplay {

namespace {

constexpr double kMany = 2e9;

using Settings = std::vector<std::pair<const char*, const char*>>;

// After those that the field has tuned for PPO (RL Baselines3 Zoo), changed where our own runs
// asked for it.
const std::map<std::string, Settings>& ppo_settings() {
  static const std::map<std::string, Settings> table{
      {"CartPole-v1", {{"epochs", "2"}, {"learning_rate", "0.002"}}},
      {"Acrobot-v1",
       {{"steps", "500000"},
        {"environments", "16"},
        {"rollout", "256"},
        {"gamma", "0.99"},
        {"gae_lambda", "0.94"},
        {"normalise_observations", "true"},
        {"normalise_rewards", "true"},
        {"learning_rate", "0.002"},
        {"evaluate_every", "50000"}}},
      {"MountainCar-v0",
       {{"steps", "1000000"},
        {"environments", "16"},
        {"rollout", "16"},
        {"gamma", "0.99"},
        {"gae_lambda", "0.98"},
        {"normalise_observations", "true"},
        {"normalise_rewards", "true"},
        {"learning_rate", "0.0003"},
        {"evaluate_every", "100000"}}},
      {"MountainCarContinuous-v0",
       {{"environments", "1"},
        {"rollout", "1024"},
        {"epochs", "10"},
        {"minibatch", "256"},
        {"gamma", "0.9999"},
        {"gae_lambda", "0.9"},
        {"clip_range", "0.1"},
        {"log_std", "1"},
        {"normalise_observations", "true"},
        {"normalise_rewards", "true"},
        {"max_gradient_norm", "5"},
        {"learning_rate", "0.0003"}}},
      {"Pendulum-v1",
       {{"steps", "200000"},
        {"environments", "4"},
        {"rollout", "1024"},
        {"epochs", "10"},
        {"gamma", "0.95"},
        {"gae_lambda", "0.95"},
        {"learning_rate", "0.001"},
        {"evaluate_every", "20000"}}},
      {"CartPole-P-v1",
       {{"steps", "200000"},
        {"memory", "gru"},
        {"memory_span", "10"},
        {"rollout", "32"},
        {"minibatch", "256"},
        {"epochs", "5"},
        {"gamma", "0.99"},
        {"gae_lambda", "0.95"},
        {"normalise_observations", "true"},
        {"learning_rate", "0.001"},
        {"evaluate_every", "20000"}}},
      // A rollout of whole episodes, which are all as long: each has every phase of them.
      {"Pendulum-P-v1",
       {{"steps", "200000"},
        {"memory", "gru"},
        {"layers", "1"},
        {"environments", "16"},
        {"rollout", "200"},
        {"sequence", "20"},
        {"minibatch", "320"},
        {"epochs", "10"},
        {"gamma", "0.9"},
        {"gae_lambda", "0.95"},
        {"normalise_rewards", "true"},
        {"learning_rate", "0.001"},
        {"evaluate_every", "20000"}}},
      // The sign is seen 20 steps or more before it counts, further than gates from zero biases
      // pass a gradient; some entropy keeps both turns in play until it is remembered.
      {"TMaze-v0",
       {{"steps", "100000"},
        {"memory", "gru"},
        {"memory_span", "40"},
        {"layers", "1"},
        {"environments", "16"},
        {"rollout", "64"},
        {"minibatch", "256"},
        {"gamma", "0.99"},
        {"gae_lambda", "0.95"},
        {"entropy_coefficient", "0.02"},
        {"anneal", "false"},
        {"learning_rate", "0.002"}}},
      {"RepeatPreviousEasy-v0",
       {{"steps", "300000"},
        {"memory", "gru"},
        {"rollout", "64"},
        {"sequence", "16"},
        {"minibatch", "128"},
        {"gamma", "0.99"},
        {"gae_lambda", "0.95"},
        {"learning_rate", "0.002"},
        {"evaluate_every", "50000"}}},
      {"Catch-v0", {{"gamma", "0.99"}, {"gae_lambda", "0.95"}, {"entropy_coefficient", "0.1"}}},
      {"FrozenLake-v1", {{"gamma", "0.99"}, {"evaluation_episodes", "200"}}},
  };
  return table;
}

/// Of PPO for every game, against random moves or with `opponents` in self-play.
const Settings& game_settings() {
  static const Settings settings{{"steps", "1000000"},
                                 {"environments", "64"},
                                 {"minibatch", "256"},
                                 {"learning_rate", "0.003"},
                                 {"gamma", "1"},
                                 {"gae_lambda", "0.95"},
                                 {"entropy_coefficient", "0.01"},
                                 {"opponent_every", "5"},
                                 {"opening_plies", "4"},
                                 {"evaluate_every", "100000"},
                                 {"evaluation_episodes", "200"}};
  return settings;
}

/// Of PPO for the pixel games.
const Settings& pixel_settings() {
  static const Settings settings{{"steps", "400000"},
                                 {"environments", "32"},
                                 {"rollout", "64"},
                                 {"minibatch", "256"},
                                 {"gamma", "0.99"},
                                 {"gae_lambda", "0.95"},
                                 {"entropy_coefficient", "0.01"},
                                 {"learning_rate", "0.0025"},
                                 {"body", "cnn:channels=16,kernel=3,hidden=128"},
                                 {"layers", "0"},
                                 {"evaluate_every", "40000"}};
  return settings;
}

bool is_game(const std::string& name) {
  return std::ranges::any_of(envs::known_games(),
                             [&](const envs::GameInfo& game) { return game.name == name; });
}

const std::map<std::string, Settings>& algorithm_settings() {
  static const std::map<std::string, Settings> table{
      {"ppo", {}},
      {"a2c",
       {{"environments", "8"},
        {"rollout", "8"},
        {"gamma", "0.99"},
        {"gae_lambda", "1"},
        {"learning_rate", "0.0007"},
        {"normalise_advantages", "false"}}},
      {"npg",
       {{"environments", "8"},
        {"rollout", "256"},
        {"epochs", "10"},
        {"gamma", "0.99"},
        {"gae_lambda", "0.95"},
        {"target_kl", "0.02"},
        {"anneal", "false"},
        {"learning_rate", "0.001"}}},
      {"reinforce",
       {{"environments", "8"}, {"rollout", "1"}, {"learning_rate", "0.01"}}},  // 8 episodes
  };
  return table;
}

void apply(const Settings& settings, PolicyGradientConfig& config) {
  const auto fields = policy_gradient_fields(config);
  for (const auto& [name, value] : settings)
    for (const ConfigField& field : fields)
      if (field.name == name) set_field(field, value);
}

std::vector<ConfigField> run_fields(PolicyGradientConfig& c) {
  return {{"algo", "run", "ppo, a2c, npg or reinforce; cannot change within a run", &c.algo},
          {"env", "run", "environment; cannot change within a run", &c.env},
          {"seed", "run", "root of all randomness", &c.seed, 0, 9e18},
          {"steps", "run", "environment steps of the run in all", &c.steps, 1, 1e15},
          {"evaluate_every", "run", "steps between evaluations, each with a checkpoint",
           &c.evaluate_every, 1, 1e15},
          {"evaluation_episodes", "run", "episodes of the most likely actions in an evaluation",
           &c.evaluation_episodes, 1, 1e5}};
}

std::vector<ConfigField> learning_fields(PolicyGradientConfig& c) {
  return {
      {"environments", "learning", "environments stepped at once", &c.environments, 1, 65536},
      {"rollout", "learning",
       "steps of each between two updates (reinforce: after which no episode begins)", &c.rollout,
       1, 1e6},
      {"epochs", "learning", "passes over a rollout (ppo; npg: of the critic)", &c.epochs, 1, 1000},
      {"minibatch", "learning", "rows of a gradient step (ppo; npg: of the critic)", &c.minibatch,
       1, kMany},
      {"sequence", "learning",
       "with a memory: steps that gradients go back at most, a divisor of rollout; 0: rollout",
       &c.sequence, 0, 1e6},
      {"learning_rate", "learning", "of Adam (npg: the critic's)", &c.learning_rate, 1e-9, 10},
      {"anneal", "learning", "learning rate falls linearly to 0 at the last step", &c.anneal},
      {"gamma", "learning", "discount", &c.gamma, 0, 1},
      {"gae_lambda", "learning", "of generalised advantages; 1: whole returns", &c.gae_lambda, 0,
       1},
      {"clip_range", "learning", "of the probability ratio (ppo)", &c.clip_range, 1e-6, 10},
      {"value_clip_range", "learning", "of a value's change within an update; 0: free",
       &c.value_clip_range, 0, 1e9},
      {"entropy_coefficient", "learning", "bonus for entropy", &c.entropy_coefficient, 0, 100},
      {"value_coefficient", "learning", "weight of the value loss", &c.value_coefficient, 0, 100},
      {"max_gradient_norm", "learning", "longer gradients are shortened; 0: never",
       &c.max_gradient_norm, 0, 1e9},
      {"target_kl", "learning",
       "ppo: an update stops early beyond 1.5 times this, 0: never; npg: the policy's step",
       &c.target_kl, 0, 100},
      {"normalise_advantages", "learning", "mean 0 and deviation 1 in each minibatch",
       &c.normalise_advantages},
      {"normalise_observations", "learning", "by running mean and variance",
       &c.normalise_observations},
      {"normalise_rewards", "learning", "by the deviation of the discounted return",
       &c.normalise_rewards},
      {"baseline", "learning", "subtract the critic's value (reinforce)", &c.baseline},
  };
}

std::vector<ConfigField> game_fields(PolicyGradientConfig& c) {
  return {{"opponents", "game",
           "learn a game against as many earlier policies; 0: against random moves", &c.opponents,
           0, 10000},
          {"opponent_every", "game",
           "updates after which the policy joins them and another one is chosen to play",
           &c.opponent_every, 1, 1e9},
          {"opening_plies", "game",
           "games begin with at most so many random moves of both sides (with opponents)",
           &c.opening_plies, 0, 10000}};
}

std::vector<ConfigField> net_fields(PolicyGradientConfig& c) {
  return {
      {"layers", "net", "hidden layers of policy and critic each", &c.layers, 0, 16},
      {"hidden", "net", "units of a hidden layer", &c.hidden, 1, 4096},
      {"body", "net",
       "what both share to read planes, as in tengen fit: none, cnn:channels=16,kernel=3, "
       "resnet:blocks=2,channels=16, ...; its features go to the hidden layers",
       &c.body},
      {"memory", "net", "none, rnn, gru, lstm or attention", &c.memory},
      {"memory_units", "net", "units of the memory", &c.memory_units, 1, 4096},
      {"memory_span", "net",
       "gru, lstm: steps that units start by remembering, from 2 to this; 0: about 2",
       &c.memory_span, 0, 1e6},
      {"memory_window", "net", "steps that are looked at (memory attention)", &c.memory_window, 2,
       1000},
      {"squash", "net", "continuous actions through tanh into their bounds, not clipped",
       &c.squash},
      {"log_std", "net", "initial log standard deviation of continuous actions", &c.log_std, -20,
       10},
  };
}

void check_body(const PolicyGradientConfig& config, const envs::rl::EnvSpec& env) {
  if (config.body == "none") return;
  const nets::BodyRecipe recipe = parse_policy_body(config.body);
  const std::vector<int>& shape = env.observation_space.shape();
  if (shape.size() != 3)
    bad_argument("config", "body {} reads planes, but the observations of {} are {}: use body none",
                 config.body, config.env, env.observation_space.describe());
  if (config.algo == "npg")
    bad_argument("config", "npg cannot have a body: use another algorithm, got body {}",
                 config.body);
  Rng any(0);
  recipe.make({shape[0], shape[1], shape[2]}, any);  // refuses planes that are too small
}

}  // namespace

std::set<std::string> policy_gradient_algorithms() {
  std::set<std::string> names;
  for (const auto& [name, settings] : algorithm_settings()) names.insert(name);
  return names;
}

std::vector<ConfigField> policy_gradient_fields(PolicyGradientConfig& config) {
  std::vector<ConfigField> fields = run_fields(config);
  for (const auto& group : {learning_fields(config), game_fields(config), net_fields(config)})
    fields.insert(fields.end(), group.begin(), group.end());
  return fields;
}

PolicyGradientConfig usual_config(const std::string& algo, const std::string& env) {
  check_choice("algo", algo, policy_gradient_algorithms());
  PolicyGradientConfig config;
  config.algo = algo;
  config.env = env;
  apply(algorithm_settings().at(algo), config);
  const std::string name = env.substr(0, env.find(':'));
  const auto tuned = ppo_settings().find(name);
  if (algo == "ppo" && is_game(name)) apply(game_settings(), config);
  if (algo == "ppo" && name.starts_with("Pixel")) apply(pixel_settings(), config);
  if (algo == "ppo" && tuned != ppo_settings().end()) apply(tuned->second, config);
  return config;
}

void validate(const PolicyGradientConfig& config) {
  PolicyGradientConfig copy = config;
  for (const ConfigField& field : policy_gradient_fields(copy)) check_bounds(field);
  check_choice("algo", config.algo, policy_gradient_algorithms());
  check_choice("memory", config.memory, policy_memories());
  check_body(config, envs::rl::make_env(config.env).spec());
  if (config.opponents > 0) {
    if (!is_game(config.env.substr(0, config.env.find(':'))))
      bad_argument("config", "opponents are for games alone (tengen games), {} is none",
                   config.env);
    if (config.memory != "none" || config.normalise_observations)
      bad_argument("config",
                   "opponents can be neither with a memory nor with normalise_observations, got "
                   "memory {} and normalise_observations {}",
                   config.memory, config.normalise_observations);
  }
  if (config.memory != "none" && (config.algo == "reinforce" || config.algo == "npg"))
    bad_argument("config", "{} cannot have a memory: use ppo or a2c, got memory {}", config.algo,
                 config.memory);
  if (config.memory_span != 0 && config.memory_span < 2)
    bad_argument("config", "memory_span must be 0 or at least 2 steps, got {}", config.memory_span);
  if (config.algo == "npg" && config.target_kl <= 0)
    bad_argument("config", "npg steps as far as target_kl says, which must be above 0, got {}",
                 config.target_kl);
  const int sequence = config.sequence > 0 ? config.sequence : config.rollout;
  if (config.memory != "none" && config.rollout % sequence != 0)
    bad_argument("config", "sequence must divide rollout ({}), got {}", config.rollout, sequence);
  if (config.memory != "none" && config.algo == "ppo" && config.minibatch < sequence)
    bad_argument("config",
                 "minibatch must be at least sequence ({}) with a memory, which learns from whole "
                 "sequences, got {}",
                 sequence, config.minibatch);
}

std::map<std::string, std::string> to_map(const PolicyGradientConfig& config) {
  PolicyGradientConfig copy = config;
  return to_map(policy_gradient_fields(copy));
}

PolicyGradientConfig policy_gradient_config_from_map(
    const std::map<std::string, std::string>& values) {
  PolicyGradientConfig config;
  set_from_map(policy_gradient_fields(config), values);
  return config;
}

}  // namespace tengen::selfplay
