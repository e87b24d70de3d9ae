// Q-learning and SARSA with tables: learning what dynamic_programming.hpp computes, from episodes
// alone.
//
//   Q(s,a) <- Q(s,a) + rate (r + gamma target - Q(s,a))
//   Q-learning  target = max_b Q(s',b)   (Watkins 1989): learns about the greedy policy
//   SARSA       target = Q(s',a')        (Rummery and Niranjan 1994): about the one it follows
// The target is 0 after a terminated episode; a truncated one is learned from like any other step.
// Actions are epsilon-greedy. Values that start above what there is to get make even a greedy
// learner try everything until it is disappointed (section 2.6: optimistic initial values).
// Source: Sutton and Barto (2018), sections 6.4 and 6.5.
#pragma once

#include <functional>
#include <string>

#include "engine/base/random.hpp"
#include "selfplay/tabular/dynamic_programming.hpp"

namespace tengen::selfplay {

enum class TemporalDifference { q_learning, sarsa };

struct TemporalDifferenceConfig {
  TemporalDifference method = TemporalDifference::q_learning;
  int steps = 200000;
  double gamma = 0.99;
  double learning_rate = 0.5;         // of the first step,
  double final_learning_rate = 0.02;  // and of the last: linear in between
  double epsilon = 0.1;               // the share of random actions
  double initial_value = 0;           // of every action; the more it promises the more is tried
  int max_episode_steps = 1000;       // where the environment has no limit of its own
};

/// What is known to find the best policy of `env`, or of the like.
TemporalDifferenceConfig usual_tabular_config(const std::string& env);

/// Learns `env` (envs/rl/registry.hpp), which must have discrete observations and actions, else
/// std::invalid_argument. `on_steps` (may be empty) hears of the steps done now and then.
ActionValues learn_action_values(const std::string& env, const TemporalDifferenceConfig& config,
                                 Rng rng, const std::function<void(int steps)>& on_steps = {});

}  // namespace tengen::selfplay
