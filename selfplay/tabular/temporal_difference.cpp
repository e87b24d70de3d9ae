#include "selfplay/tabular/temporal_difference.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "engine/base/error.hpp"
#include "envs/rl/registry.hpp"

namespace tengen::selfplay {
namespace {

using envs::rl::Env;
using envs::rl::EnvSpec;
using envs::rl::Space;

constexpr int kStepsTold = 1 << 14;  // from one report to the next

int choices(const EnvSpec& spec, const Space& space, const char* what) {
  if (space.kind() != Space::Kind::discrete)
    bad_argument("tabular", "expected an environment with discrete {}, {} has {}", what, spec.id,
                 space.describe());
  return space.counts().front();
}

class Learner {
 public:
  Learner(const std::string& env, const TemporalDifferenceConfig& config, Rng rng)
      : config_(config),
        env_(envs::rl::make_env(env)),
        actions_(choices(env_.spec(), env_.spec().action_space, "actions")),
        values_(std::size_t(choices(env_.spec(), env_.spec().observation_space, "observations")) *
                    actions_,
                config.initial_value),
        rng_(rng) {}

  ActionValues learn(const std::function<void(int)>& on_steps) {
    start(rng_.split(0)());
    for (int step = 0; step < config_.steps; ++step) {
      if (on_steps && step % kStepsTold == 0) on_steps(step);
      learn_step(rate(step));
    }
    return values_;
  }

 private:
  double rate(int step) const {
    const double done = double(step) / double(config_.steps);
    return config_.learning_rate + done * (config_.final_learning_rate - config_.learning_rate);
  }
  std::span<double> row(int state) {
    return std::span(values_).subspan(std::size_t(state) * actions_, actions_);
  }
  int state() const { return static_cast<int>(env_.observation()[0]); }
  bool allowed(int action) const {
    return !env_.spec().masks_actions || env_.action_mask()[action] != 0;
  }

  void start(std::optional<std::uint64_t> seed = std::nullopt) {
    env_.reset(seed);
    elapsed_ = 0;
    state_ = state();
    action_ = choose();
  }

  /// Of greatest value among the allowed; equal ones with equal chances.
  int greedy() {
    int best = -1, equal = 0;
    for (int action = 0; action < actions_; ++action) {
      if (!allowed(action)) continue;
      const double lead = best < 0 ? 1 : row(state_)[action] - row(state_)[best];
      if (lead < 0) continue;
      equal = lead > 0 ? 1 : equal + 1;
      if (rng_.below(static_cast<std::uint32_t>(equal)) == 0) best = action;
    }
    return best;
  }

  int choose() {
    if (rng_.uniform() >= config_.epsilon) return greedy();
    int action;
    do {
      action = static_cast<int>(rng_.below(static_cast<std::uint32_t>(actions_)));
    } while (!allowed(action));
    return action;
  }

  /// What the state that env_ is in promises. Sets the action that follows.
  double promise() {
    state_ = state();
    action_ = choose();
    if (config_.method == TemporalDifference::sarsa) return row(state_)[action_];
    double best = -std::numeric_limits<double>::infinity();
    for (int action = 0; action < actions_; ++action)
      if (allowed(action)) best = std::max(best, row(state_)[action]);
    return best;
  }

  void learn_step(double rate) {
    double& value = row(state_)[action_];
    const float action = static_cast<float>(action_);
    const envs::rl::Step step = env_.step({&action, 1});
    const double target = step.reward + (step.terminated ? 0 : config_.gamma * promise());
    value += rate * (target - value);
    if (step.done() || ++elapsed_ == config_.max_episode_steps) start();
  }

  const TemporalDifferenceConfig& config_;
  Env env_;
  const int actions_;
  ActionValues values_;
  Rng rng_;
  int state_ = 0, action_ = 0, elapsed_ = 0;
};

}  // namespace

TemporalDifferenceConfig usual_tabular_config(const std::string& env) {
  const std::string id = env.substr(0, env.find(':'));
  if (id == "CliffWalking-v1") return {.gamma = 1};
  if (id == "Taxi-v3") return {.steps = 1000000, .final_learning_rate = 0.1, .initial_value = 20};
  // No step towards the treasure is ever encouraged, and random steps hardly ever find it.
  if (id == "DeepSeaCells-v0")
    return {.gamma = 1, .final_learning_rate = 0.5, .epsilon = 0, .initial_value = 1};
  if (id == "FrozenLake-v1" || id == "FrozenLake8x8-v1")
    return {.steps = 2000000, .final_learning_rate = 0.01, .initial_value = 1};
  return {};
}

ActionValues learn_action_values(const std::string& env, const TemporalDifferenceConfig& config,
                                 Rng rng, const std::function<void(int)>& on_steps) {
  return Learner(env, config, rng).learn(on_steps);
}

}  // namespace tengen::selfplay
