// tengen rl bench: learns environments whose best returns are known, with several seeds.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/log.hpp"
#include "engine/base/progress.hpp"
#include "engine/kernels/backend.hpp"
#include "envs/rl/registry.hpp"
#include "selfplay/policy_gradient/policy_gradient_run.hpp"
#include "selfplay/tabular/temporal_difference.hpp"
#include "tools/options.hpp"
#include "tools/rl_commands.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

using selfplay::PolicyGradientConfig;

constexpr const char* kFooter =
    "Median and worst are over the seeds: of the return that the best policy of the run brings in\n"
    "five times the episodes that it was chosen by, other ones; of a table, the exact expectation\n"
    "under the environment's time limit. Steps and seconds are of training alone, to such a "
    "policy.\n"
    "Rows of memory none beside others show that it takes one. No policy reaches Taxi's "
    "registered\n"
    "threshold, 8, on average: the best has 7.93.\n"
    "Five seeds of all take about 20 minutes of one core.\n"
    "Examples:\n"
    "  tengen rl bench --env CartPole-v1\n"
    "  tengen rl bench --env Pendulum-v1 --seeds 3 --set learning_rate=0.002";

constexpr const char* kSpeedEnv = "CartPole-v1";

struct Goal {
  const char* env;
  double value;                   // what an episode brings, at least
  const char* algorithm = "ppo";  // or q-learning
  const char* memory = nullptr;   // instead of the usual one: shows that it takes one
};

/// Thresholds of Gymnasium and popgym, the best there is of the games that have one, and what the
/// field reports of PPO elsewhere. Taxi's registered threshold, 8, is above the best expectation.
const std::vector<Goal>& goals() {
  static const std::vector<Goal> table{{"CartPole-v1", 500},
                                       {"Acrobot-v1", -80},
                                       {"MountainCar-v0", -115},
                                       {"MountainCarContinuous-v0", 90},
                                       {"Pendulum-v1", -175},
                                       {"CartPole-P-v1", 490},
                                       {"Pendulum-P-v1", -220},
                                       {"TMaze-v0:length=20", 3.9},
                                       {"TMaze-v0:length=20", 3.9, "ppo", "none"},
                                       {"RepeatPreviousEasy-v0", 0.99},
                                       {"RepeatPreviousEasy-v0", 0.99, "ppo", "none"},
                                       {"Catch-v0", 1},
                                       {"DeepSeaCells-v0", 0.99, "q-learning"},
                                       {"FrozenLake-v1", 0.7, "q-learning"},
                                       {"FrozenLake8x8-v1", 0.85, "q-learning"},
                                       {"CliffWalking-v1", -13, "q-learning"},
                                       {"Taxi-v3", 7.93, "q-learning"}};
  return table;
}

bool is_tabular(const Goal& goal) { return goal.algorithm == std::string_view("q-learning"); }

struct BenchResult {
  double value = NAN;  // of the best policy evaluated, in episodes that did not choose it
  double goal_seconds = INFINITY, goal_steps = INFINITY;  // of training, to the first at the goal
  double steps_per_second = 0;                            // of training
};

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Five times the episodes of an evaluation: the best of many evaluations is best by luck, too.
double fresh_evaluation(selfplay::PolicyGradientTrainer& trainer,
                        const PolicyGradientConfig& config) {
  return mean_of(trainer.evaluate(5 * config.evaluation_episodes, 1));
}

/// Steps of training, on a progress line.
class StepsLine : public selfplay::PolicyGradientObserver {
 public:
  explicit StepsLine(Progress& progress) : progress_(progress) {}
  void on_update(std::int64_t steps, double, const selfplay::UpdateReport&) override {
    progress_.update(static_cast<std::uint64_t>(steps));
  }

 private:
  Progress& progress_;
};

BenchResult bench_policy_gradient(const PolicyGradientConfig& config, double goal,
                                  Progress& progress) {
  selfplay::PolicyGradientTrainer trainer(config);
  StepsLine line(progress);
  BenchResult result;
  double best = -INFINITY, seconds = 0;
  while (trainer.steps() < config.steps) {
    const std::int64_t before = trainer.steps();
    const auto report = train_to_evaluation(trainer, config, line);
    seconds += static_cast<double>(report->steps - before) / report->steps_per_second;
    if (report->evaluation_return < best) continue;
    best = report->evaluation_return;
    result.value = fresh_evaluation(trainer, config);
    if (result.value < goal || std::isfinite(result.goal_steps)) continue;
    result.goal_steps = static_cast<double>(report->steps);
    result.goal_seconds = seconds;
  }
  result.steps_per_second = static_cast<double>(trainer.steps()) / seconds;
  return result;
}

/// What is learned with a table; the expected return of its greedy policy is known exactly.
BenchResult bench_tabular(const Goal& goal, std::uint64_t seed, Progress& progress) {
  const std::string env = goal.env;
  const selfplay::TemporalDifferenceConfig config = selfplay::usual_tabular_config(env);
  const auto model = envs::rl::tabular_model(env);
  const int limit = envs::rl::make_env(env).spec().max_episode_steps;
  const Stopwatch watch;
  const auto learned = learn_action_values(env, config, Rng(seed), [&](int steps) {
    progress.update(static_cast<std::uint64_t>(steps));
  });
  const double seconds = watch.seconds();
  BenchResult result;
  result.value = selfplay::episode_return(*model, selfplay::greedy_policy(*model, learned),
                                          limit > 0 ? limit : config.max_episode_steps);
  result.steps_per_second = config.steps / seconds;
  if (result.value >= goal.value - 1e-9) {
    result.goal_steps = config.steps;
    result.goal_seconds = seconds;
  }
  return result;
}

struct BenchOptions {
  std::string env;  // empty: all
  int seeds = 5;
  std::vector<std::string> set;  // name=value
};

PolicyGradientConfig policy_gradient_config(const Goal& goal, const BenchOptions& options) {
  if (is_tabular(goal)) return {};
  PolicyGradientConfig config = selfplay::usual_config(goal.algorithm, goal.env);
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
  validate(config);
  return config;
}

std::int64_t steps_of(const Goal& goal, const PolicyGradientConfig& config) {
  return is_tabular(goal) ? selfplay::usual_tabular_config(goal.env).steps : config.steps;
}

/// Runs of one row, with seeds 1, 2, ...
std::vector<BenchResult> bench_seeds(const Goal& goal, PolicyGradientConfig config, int seeds) {
  std::vector<BenchResult> results;
  for (int seed = 1; seed <= seeds; ++seed) {
    config.seed = static_cast<std::uint64_t>(seed);
    Progress progress(fmt::format("{} seed {}/{}", goal.env, seed, seeds), "steps",
                      static_cast<std::uint64_t>(steps_of(goal, config)), Progress::End::erased);
    results.push_back(is_tabular(goal) ? bench_tabular(goal, config.seed, progress)
                                       : bench_policy_gradient(config, goal.value, progress));
    spdlog::info("{} seed {}: {:.2f}, goal after {} steps, {:.1f} s", goal.env, seed,
                 results.back().value, results.back().goal_steps, results.back().goal_seconds);
  }
  return results;
}

void add_bench_row(TextTable& table, const Goal& goal, const BenchOptions& options) {
  const PolicyGradientConfig config = policy_gradient_config(goal, options);
  const std::vector<BenchResult> results = bench_seeds(goal, config, options.seeds);
  const auto sorted = [&](double BenchResult::*member) {
    std::vector<double> values;
    for (const BenchResult& result : results) values.push_back(result.*member);
    std::ranges::sort(values);
    return values;
  };
  const auto value = sorted(&BenchResult::value), steps = sorted(&BenchResult::goal_steps),
             seconds = sorted(&BenchResult::goal_seconds),
             speed = sorted(&BenchResult::steps_per_second);
  const std::size_t middle = results.size() / 2;
  table.add({goal.env, goal.algorithm, is_tabular(goal) ? "table" : config.memory,
             fmt::format("{:g}", goal.value), short_number(value[middle]),
             short_number(value.front()), fmt::format("{:.0f}", steps[middle]),
             fmt::format("{:.0f}", steps.back()), fmt::format("{:.2f}", seconds[middle]),
             fmt::format("{:.2f}", seconds.back()), fmt::format("{:.0f}", speed[middle])});
}

/// Updates and single decisions of the 64-64 net, as other frameworks are measured.
void print_speed() {
  PolicyGradientConfig config = selfplay::usual_config("ppo", kSpeedEnv);
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
  TextTable table({"<environment", "<algorithm", "<memory", "goal", "median", "worst",
                   "median steps to goal", "worst", "median s to goal", "worst", "median steps/s"});
  for (const Goal& goal : goals())
    if (options.env.empty() || options.env == goal.env) add_bench_row(table, goal, options);
  const bool self_play = options.env.empty() || options.env == "tic_tac_toe";
  if (self_play) print_self_play_bench(options.seeds);
  if (table.empty() && !self_play) {
    std::vector<std::string> known{"tic_tac_toe"};
    for (const Goal& goal : goals())  // some have a row for each memory
      if (known.back() != goal.env) known.push_back(goal.env);
    bad_argument("rl bench", "expected one of {}, got '{}'", fmt::join(known, ", "), options.env);
  }
  if (!table.empty()) std::cout << table.to_string();
  if (options.env.empty() || options.env == kSpeedEnv) print_speed();
  return 0;
}

}  // namespace

void add_rl_bench(Command& rl) {
  Command command =
      rl.add_command("bench", "learn with known goals and tell how well and fast", kFooter);
  const auto options = std::make_shared<BenchOptions>();
  command.option("--env", &options->env, "only this environment");
  command.option("--seeds", &options->seeds, "runs of each, with seeds 1, 2, ...").range(1, 1000);
  command.option("--set", &options->set,
                 "NAME=VALUE: another value of an option of tengen rl (ppo)");
  command.action([options] { return bench(*options); });
}

}  // namespace tengen::tools
