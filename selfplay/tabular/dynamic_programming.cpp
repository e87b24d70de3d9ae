#include "selfplay/tabular/dynamic_programming.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "engine/base/error.hpp"

namespace tengen::selfplay {
namespace {

using envs::rl::TabularModel;
using envs::rl::Transition;

constexpr double kBetter = 1e-9;
constexpr int kMaxSweeps = 1000000;

std::size_t index(const TabularModel& model, int state, int action) {
  return static_cast<std::size_t>(state) * model.num_actions + action;
}

void check_gamma(double gamma) {
  if (!(gamma >= 0 && gamma <= 1))
    bad_argument("tabular", "expected gamma in [0, 1], got {}", gamma);
}

double value_of(const std::vector<Transition>& outcomes, const StateValues& values, double gamma) {
  double sum = 0;
  for (const Transition& outcome : outcomes)
    sum += outcome.probability *
           (outcome.reward + (outcome.terminated ? 0 : gamma * values[outcome.next]));
  return sum;
}

const double* row(const TabularModel& model, const std::vector<double>& table, int state) {
  return table.data() + index(model, state, 0);
}

int best_action(const TabularModel& model, const ActionValues& values, int state) {
  const double* first = row(model, values, state);
  return static_cast<int>(std::max_element(first, first + model.num_actions) - first);
}

/// Gives every state its best action, but for those whose own is as good; false if all are.
bool improve(const TabularModel& model, const ActionValues& values, TabularPolicy& policy) {
  bool changed = false;
  for (int state = 0; state < model.num_states; ++state) {
    const auto own = std::span(policy).subspan(index(model, state, 0), model.num_actions);
    const double* value = row(model, values, state);
    const int best = best_action(model, values, state);
    const auto chosen = std::ranges::find(own, 1.0);  // none yet in the uniform policy
    if (chosen != own.end() && value[chosen - own.begin()] >= value[best] - kBetter) continue;
    std::ranges::fill(own, 0);
    own[best] = 1;
    changed = true;
  }
  return changed;
}

/// Where `in` is set, V of `policy`, which must not lead out of there; 0 elsewhere.
StateValues solve(const TabularModel& model, const TabularPolicy& policy, double gamma,
                  const std::vector<bool>& in) {
  check_gamma(gamma);
  const int n = model.num_states;
  Eigen::MatrixXd system = Eigen::MatrixXd::Identity(n, n);  // I - gamma P
  Eigen::VectorXd rewards = Eigen::VectorXd::Zero(n);
  for (int state = 0; state < n; ++state)
    for (int action = 0; action < model.num_actions; ++action) {
      const double probability = policy[index(model, state, action)];
      if (!in[state] || probability == 0) continue;
      for (const Transition& outcome : model.outcomes(state, action)) {
        rewards[state] += probability * outcome.probability * outcome.reward;
        if (!outcome.terminated)
          system(state, outcome.next) -= gamma * probability * outcome.probability;
      }
    }
  const Eigen::PartialPivLU<Eigen::MatrixXd> solver(system);
  const Eigen::VectorXd values = solver.solve(rewards);
  if (!(solver.rcond() > 1e-14) || !values.allFinite())
    bad_argument("tabular", "expected a policy that ends every episode, or gamma below 1, got {}",
                 gamma);
  return {values.begin(), values.end()};
}

/// The states that episodes under `policy` come to.
std::vector<bool> visited_states(const TabularModel& model, const TabularPolicy& policy) {
  std::vector<bool> seen(model.num_states);
  std::vector<int> open;
  const auto visit = [&](int state, double probability) {
    if (probability == 0 || seen[state]) return;
    seen[state] = true;
    open.push_back(state);
  };
  for (int state = 0; state < model.num_states; ++state) visit(state, model.initial[state]);
  while (!open.empty()) {
    const int state = open.back();
    open.pop_back();
    for (int action = 0; action < model.num_actions; ++action)
      for (const Transition& outcome : model.outcomes(state, action))
        if (!outcome.terminated)
          visit(outcome.next, policy[index(model, state, action)] * outcome.probability);
  }
  return seen;
}

}  // namespace

TabularPolicy uniform_policy(const TabularModel& model) {
  TabularPolicy policy(model.transitions.size());
  for (int state = 0; state < model.num_states; ++state) {
    int allowed = 0;
    for (int action = 0; action < model.num_actions; ++action)
      allowed += model.allows(state, action);
    for (int action = 0; action < model.num_actions; ++action)
      if (model.allows(state, action)) policy[index(model, state, action)] = 1.0 / allowed;
  }
  return policy;
}

TabularPolicy greedy_policy(const TabularModel& model, const ActionValues& values) {
  TabularPolicy policy(values.size());
  for (int state = 0; state < model.num_states; ++state)
    policy[index(model, state, best_action(model, values, state))] = 1;
  return policy;
}

StateValues evaluate_policy(const TabularModel& model, const TabularPolicy& policy, double gamma) {
  return solve(model, policy, gamma, std::vector<bool>(model.num_states, true));
}

double episode_value(const TabularModel& model, const TabularPolicy& policy, double gamma) {
  return start_value(model, solve(model, policy, gamma, visited_states(model, policy)));
}

double episode_return(const TabularModel& model, const TabularPolicy& policy, int steps) {
  std::vector<double> running = model.initial;  // probability of being in each state, not over
  double result = 0;
  for (int step = 0; step < steps; ++step) {
    std::vector<double> next(running.size());
    for (int state = 0; state < model.num_states; ++state)
      for (int action = 0; action < model.num_actions; ++action) {
        const double taken = running[state] * policy[index(model, state, action)];
        if (taken == 0) continue;
        for (const Transition& outcome : model.outcomes(state, action)) {
          result += taken * outcome.probability * outcome.reward;
          if (!outcome.terminated) next[outcome.next] += taken * outcome.probability;
        }
      }
    running = std::move(next);
  }
  return result;
}

ActionValues action_values(const TabularModel& model, const StateValues& values, double gamma) {
  ActionValues result(model.transitions.size(), -std::numeric_limits<double>::infinity());
  for (int state = 0; state < model.num_states; ++state)
    for (int action = 0; action < model.num_actions; ++action)
      if (model.allows(state, action))
        result[index(model, state, action)] =
            value_of(model.outcomes(state, action), values, gamma);
  return result;
}

double start_value(const TabularModel& model, const StateValues& values) {
  double sum = 0;
  for (int state = 0; state < model.num_states; ++state)
    sum += model.initial[state] * values[state];
  return sum;
}

TabularSolution policy_iteration(const TabularModel& model, double gamma) {
  TabularSolution solution{{}, uniform_policy(model), 0};
  do {
    solution.values = evaluate_policy(model, solution.policy, gamma);
    ++solution.iterations;
  } while (improve(model, action_values(model, solution.values, gamma), solution.policy));
  return solution;
}

TabularSolution value_iteration(const TabularModel& model, double gamma, double tolerance) {
  check_gamma(gamma);
  TabularSolution solution{StateValues(model.num_states), {}, 0};
  double change = std::numeric_limits<double>::infinity();
  for (; change > tolerance; ++solution.iterations) {
    if (solution.iterations == kMaxSweeps)
      bad_argument("tabular", "values do not settle within {} sweeps; expected gamma below 1",
                   kMaxSweeps);
    const ActionValues actions = action_values(model, solution.values, gamma);
    change = 0;
    for (int state = 0; state < model.num_states; ++state) {
      const double best = actions[index(model, state, best_action(model, actions, state))];
      change = std::max(change, std::abs(best - solution.values[state]));
      solution.values[state] = best;
    }
  }
  solution.policy = greedy_policy(model, action_values(model, solution.values, gamma));
  return solution;
}

}  // namespace tengen::selfplay
