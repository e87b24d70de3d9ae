// Exact solutions of finite Markov decision processes whose model is known: what every learner of
// the same environment can be measured against.
//
// Source: Sutton and Barto, "Reinforcement Learning: An Introduction" (2nd edition, 2018), chapter
// 4: policy evaluation (equation 4.4, solved as the linear system that it is), policy iteration
// (section 4.3) and value iteration (section 4.4).
// Time limits are not part of a model: values are those of episodes that end by themselves, but for
// episode_return().
#pragma once

#include <vector>

#include "envs/rl/tabular/tabular.hpp"

namespace tengen::selfplay {

/// V of every state, [states].
using StateValues = std::vector<double>;
/// Q of every state and action, [states, actions]; -infinity where the action is not allowed.
using ActionValues = std::vector<double>;
/// The probability of every action in every state, [states, actions].
using TabularPolicy = std::vector<double>;

/// Each allowed action with the same probability.
TabularPolicy uniform_policy(const envs::rl::TabularModel& model);
/// The action of greatest value, the first among equals.
TabularPolicy greedy_policy(const envs::rl::TabularModel& model, const ActionValues& values);

/// The expected discounted return of following `policy`. gamma in [0, 1]; with gamma = 1 throws
/// std::invalid_argument if the policy can go on for ever.
StateValues evaluate_policy(const envs::rl::TabularModel& model, const TabularPolicy& policy,
                            double gamma);
/// What each action is worth if `values` follow it.
ActionValues action_values(const envs::rl::TabularModel& model, const StateValues& values,
                           double gamma);
/// The mean over the states that an episode starts in.
double start_value(const envs::rl::TabularModel& model, const StateValues& values);
/// The same of evaluate_policy(), where only the states that episodes come to need an end.
double episode_value(const envs::rl::TabularModel& model, const TabularPolicy& policy,
                     double gamma);
/// The expected undiscounted return of an episode that `policy` plays for `steps` steps at most:
/// what evaluating it again and again under a time limit comes to.
double episode_return(const envs::rl::TabularModel& model, const TabularPolicy& policy, int steps);

struct TabularSolution {
  StateValues values;
  TabularPolicy policy;  // deterministic
  int iterations = 0;
};

/// Starts from the uniform policy; ends when no action is better than the policy's own by 1e-9.
TabularSolution policy_iteration(const envs::rl::TabularModel& model, double gamma);
/// Ends when a sweep changes no value by more than `tolerance`.
TabularSolution value_iteration(const envs::rl::TabularModel& model, double gamma,
                                double tolerance = 1e-12);

}  // namespace tengen::selfplay
