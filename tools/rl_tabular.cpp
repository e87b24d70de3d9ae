// tengen rl tabular: what is known exactly about an environment with a model, beside what
// Q-learning and SARSA learn of it.
#include <iostream>
#include <memory>
#include <string>

#include "engine/base/error.hpp"
#include "engine/base/progress.hpp"
#include "envs/rl/registry.hpp"
#include "selfplay/tabular/temporal_difference.hpp"
#include "tools/options.hpp"
#include "tools/rl_commands.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

using envs::rl::TabularModel;
using selfplay::TabularPolicy;
using selfplay::TabularSolution;
using selfplay::TemporalDifference;

struct TabularOptions {
  std::string env = "CliffWalking-v1";
  std::uint64_t seed = 1;
  selfplay::TemporalDifferenceConfig learning = selfplay::usual_tabular_config(env);
};

/// The expected return of an episode under `policy`; "-" where it can go on for ever.
std::string value_text(const TabularModel& model, const TabularPolicy& policy, double gamma) {
  try {
    return fmt::format("{:.4f}", selfplay::episode_value(model, policy, gamma));
  } catch (const std::invalid_argument&) {
    return "-";
  }
}

int tabular(const TabularOptions& options) {
  const auto model = envs::rl::tabular_model(options.env);
  const double gamma = options.learning.gamma;
  TextTable table({"<method", "value", "undiscounted", "iterations"});
  const auto add = [&](const char* method, const TabularPolicy& policy, std::string iterations) {
    table.add({method, value_text(*model, policy, gamma), value_text(*model, policy, 1),
               std::move(iterations)});
  };
  add("uniform policy", selfplay::uniform_policy(*model), "");
  const TabularSolution by_policy = selfplay::policy_iteration(*model, gamma),
                        by_value = selfplay::value_iteration(*model, gamma);
  add("policy iteration", by_policy.policy, std::to_string(by_policy.iterations));
  add("value iteration", by_value.policy, std::to_string(by_value.iterations));
  for (const auto& [name, method] : {std::pair{"Q-learning", TemporalDifference::q_learning},
                                     {"SARSA", TemporalDifference::sarsa}}) {
    selfplay::TemporalDifferenceConfig config = options.learning;
    config.method = method;
    Progress progress(name, "steps", static_cast<std::uint64_t>(config.steps),
                      Progress::End::erased);
    const auto learned =
        learn_action_values(options.env, config, Rng(options.seed),
                            [&](int steps) { progress.update(static_cast<std::uint64_t>(steps)); });
    add(name, selfplay::greedy_policy(*model, learned), fmt::format("{} steps", config.steps));
  }
  std::cout << options.env << ", gamma " << gamma << ": expected return of an episode\n"
            << table.to_string();
  return 0;
}

}  // namespace

void add_rl_tabular(Command& rl) {
  Command command = rl.add_command(
      "tabular", "solve an environment exactly, and learn it with tables",
      "Value: discounted by gamma; time limits do not count; \"-\": the policy may never end.\n"
      "Defaults are those that are known to work for --env.\n"
      "Examples:\n"
      "  tengen rl tabular --env Taxi-v3\n"
      "  tengen rl tabular --env DeepSeaCells-v0 --initial-value 0   never finds the treasure");
  const auto options = std::make_shared<TabularOptions>();
  auto& learning = options->learning;
  command
      .option(
          "--env",
          [options](const std::string& env) {
            options->env = env;
            options->learning = selfplay::usual_tabular_config(env);
          },
          "environment with a model: grids, Taxi, DeepSeaCells")
      .type("ENV")
      .shown_default(options->env);
  command.option("--gamma", &learning.gamma, "discount").range(0, 1);
  command.option("--steps", &learning.steps, "of Q-learning and of SARSA").range(1, 2000000000);
  command.option("--learning-rate", &learning.learning_rate, "of their first step").range(0, 1);
  command.option("--final-learning-rate", &learning.final_learning_rate, "and of the last")
      .range(0, 1);
  command.option("--epsilon", &learning.epsilon, "share of their random actions").range(0, 1);
  command.option("--initial-value", &learning.initial_value, "of every action at the start")
      .range(-1e9, 1e9);
  command.option("--seed", &options->seed, "of their randomness");
  command.action([options] { return tabular(*options); });
}

}  // namespace tengen::tools
