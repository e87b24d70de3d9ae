// tengen rl bench: learns environments whose best returns are known, with several seeds.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <string>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/log.hpp"
#include "engine/kernels/backend.hpp"
#include "selfplay/policy_gradient/policy_gradient_run.hpp"
#include "tools/options.hpp"
#include "tools/rl_commands.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

using selfplay::PolicyGradientConfig;

struct Goal {
  const char* env;
  double evaluation;             // at least, by the end of the usual number of steps
  const char* memory = nullptr;  // instead of the usual one: shows that it takes one
};

const std::vector<Goal>& goals() {
  static const std::vector<Goal> table{{"CartPole-v1", 500},
                                       {"Acrobot-v1", -80},
                                       {"MountainCar-v0", -115},
                                       {"MountainCarContinuous-v0", 90},
                                       {"Pendulum-v1", -175},
                                       {"CartPole-P-v1", 490},
                                       {"Pendulum-P-v1", -220},
                                       {"TMaze-v0:length=20", 3.9},
                                       {"TMaze-v0:length=20", 3.9, "none"},
                                       {"RepeatPreviousEasy-v0", 0.99},
                                       {"RepeatPreviousEasy-v0", 0.99, "none"},
                                       {"Catch-v0", 1},
                                       {"DeepSea-v0", 0.99},
                                       {"FrozenLake-v1", 0.7}};
  return table;
}

struct BenchResult {
  double best = -INFINITY;
  double seconds = 0, goal_seconds = NAN, goal_steps = NAN;
  double steps_per_second = 0;  // of the training, evaluations left out
};

BenchResult bench_seed(const PolicyGradientConfig& config, double goal) {
  selfplay::PolicyGradientTrainer trainer(config);
  selfplay::PolicyGradientObserver silent;
  BenchResult result;
  const Stopwatch watch;
  double training_seconds = 0;
  while (trainer.steps() < config.steps) {
    const std::int64_t before = trainer.steps();
    const auto report = train_to_evaluation(trainer, config, silent);
    training_seconds += static_cast<double>(report->steps - before) / report->steps_per_second;
    result.best = std::max(result.best, report->evaluation_return);
    if (report->evaluation_return < goal || !std::isnan(result.goal_steps)) continue;
    result.goal_steps = static_cast<double>(report->steps);
    result.goal_seconds = watch.seconds();
  }
  result.seconds = watch.seconds();
  result.steps_per_second = static_cast<double>(trainer.steps()) / training_seconds;
  return result;
}

struct BenchOptions {
  std::string env;  // empty: all
  int seeds = 5;
  std::vector<std::string> set;  // name=value
};

void add_bench_row(TextTable& table, const Goal& goal, const BenchOptions& options) {
  PolicyGradientConfig config = selfplay::usual_config("ppo", goal.env);
  if (goal.memory) config.memory = goal.memory;
  const auto fields = policy_gradient_fields(config);
  for (const std::string& text : options.set) {
    const std::size_t equals = text.find('=');
    const auto field =
        std::ranges::find(fields, text.substr(0, equals), &selfplay::ConfigField::name);
    if (equals == std::string::npos || field == fields.end())
      bad_argument("rl bench", "expected --set NAME=VALUE with an option's name, got '{}'", text);
    set_field(*field, text.substr(equals + 1));
  }
  std::vector<BenchResult> results;
  for (int seed = 1; seed <= options.seeds; ++seed) {
    config.seed = static_cast<std::uint64_t>(seed);
    validate(config);
    results.push_back(bench_seed(config, goal.evaluation));
    spdlog::info("{} seed {}: best {:.2f}, goal after {} steps, {:.1f} s", goal.env, seed,
                 results.back().best, results.back().goal_steps, results.back().goal_seconds);
  }
  const auto sorted = [&](double BenchResult::*member) {
    std::vector<double> values;
    for (const BenchResult& result : results) values.push_back(result.*member);
    // A goal that was not reached counts as the worst time.
    for (double& value : values)
      if (std::isnan(value)) value = INFINITY;
    std::ranges::sort(values);
    return values;
  };
  const auto best = sorted(&BenchResult::best), steps = sorted(&BenchResult::goal_steps),
             seconds = sorted(&BenchResult::goal_seconds),
             speed = sorted(&BenchResult::steps_per_second);
  const std::size_t middle = results.size() / 2;
  table.add({goal.env, config.memory, fmt::format("{:g}", goal.evaluation),
             short_number(best[middle]), short_number(best.front()),
             fmt::format("{:.0f}", steps[middle]), fmt::format("{:.0f}", steps.back()),
             fmt::format("{:.2f}", seconds[middle]), fmt::format("{:.2f}", seconds.back()),
             fmt::format("{:.0f}", speed[middle])});
}

/// Updates and single decisions of the 64-64 net, as other frameworks are measured.
void print_speed() {
  PolicyGradientConfig config = selfplay::usual_config("ppo", "CartPole-v1");
  config.environments = 8;
  config.rollout = 256;
  config.epochs = 10;
  config.minibatch = 64;
  config.steps = 1000000;
  selfplay::PolicyGradientTrainer trainer(config);
  trainer.update();
  const Stopwatch updates;
  int count = 0;
  for (; updates.seconds() < 2; ++count) trainer.update();
  std::cout << fmt::format("updates of 2048 samples, 10 epochs, minibatch 64: {:.1f} /s\n",
                           count / updates.seconds());
  Rng rng(1);
  trainer.net().prepare();
  const std::vector<float> observation{0.01f, 0.02f, 0.03f, 0.04f};
  std::vector<float> logits(2), value(1), action(1);
  Tensor state;
  const Stopwatch calls;
  constexpr int kCalls = 300000;
  for (int i = 0; i < kCalls; ++i) {
    trainer.net().act(observation, 1, state, logits, value);
    trainer.distribution().sample(logits, {}, rng, action);
  }
  std::cout << fmt::format("act, value and sample of one observation: {:.0f} /s\n",
                           kCalls / calls.seconds());
}

int bench(const BenchOptions& options) {
  const kernels::ScopedThreads one_thread(1);
  TextTable table({"<environment", "<memory", "goal", "median best", "worst best",
                   "median steps to goal", "worst", "median s to goal", "worst", "median steps/s"});
  for (const Goal& goal : goals())
    if (options.env.empty() || options.env == goal.env) add_bench_row(table, goal, options);
  if (table.empty()) {
    std::vector<std::string> known;
    for (const Goal& goal : goals()) known.push_back(goal.env);
    bad_argument("rl bench", "expected one of {}, got '{}'", fmt::join(known, ", "), options.env);
  }
  std::cout << table.to_string();
  print_speed();
  return 0;
}

}  // namespace

void add_rl_bench(Command& rl) {
  Command command = rl.add_command("bench", "learn with known goals and tell how well and fast",
                                   "Five seeds take from seconds (CartPole) to minutes.");
  const auto options = std::make_shared<BenchOptions>();
  command.option("--env", &options->env, "only this environment");
  command.option("--seeds", &options->seeds, "runs of each, with seeds 1, 2, ...").range(1, 1000);
  command.option("--set", &options->set, "NAME=VALUE: another value of an option of tengen rl");
  command.action([options] { return bench(*options); });
}

}  // namespace tengen::tools
