#include "selfplay/policy_gradient/policy_gradient_run.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"
#include "selfplay/run_kind.hpp"

namespace tengen::selfplay {

namespace fs = std::filesystem;

namespace {

constexpr const char* kBest = "best_checkpoint";
constexpr const char* kBestReturn = "best_return";

double mean_of(const auto& values) {
  if (values.empty()) return std::nan("");
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

RunDirectory open_run(const PolicyGradientConfig& config, const fs::path& directory) {
  if (!RunDirectory::exists(directory)) return RunDirectory::create(directory, to_map(config));
  RunDirectory run = RunDirectory::open(directory, RunDirectory::Access::write);
  const PolicyGradientConfig stored = policy_gradient_config_of(run);
  for (const auto& [name, before, now] :
       {std::tuple{"algorithm", stored.algo, config.algo}, {"environment", stored.env, config.env}})
    if (before != now)
      throw Error(
          directory.string(),
          fmt::format("this run's {} is {}, but {} was asked for; use another run directory", name,
                      before, now));
  return run;
}

}  // namespace

std::vector<std::pair<std::string, double>> metrics_of(const PolicyGradientReport& r) {
  std::vector<std::pair<std::string, double>> metrics{
      {"steps", static_cast<double>(r.steps)},
      {"evaluation_return", r.evaluation_return},
      {"evaluation_low", r.evaluation_low},
      {"training_return", r.training_return},
      {"loss", r.update.terms.loss},
      {"policy_loss", r.update.terms.policy},
      {"value_loss", r.update.terms.value},
      {"entropy", r.update.terms.entropy},
      {"kl", r.update.terms.kl},
      {"clip_fraction", r.update.terms.clip_fraction},
      {"explained_variance", r.update.explained_variance},
      {"gradient_norm", r.update.gradient_norm},
      {"learning_rate", r.update.learning_rate},
      {"steps_per_second", r.steps_per_second}};
  std::erase_if(metrics, [](const auto& metric) { return !std::isfinite(metric.second); });
  return metrics;
}

std::optional<PolicyGradientReport> train_to_evaluation(PolicyGradientTrainer& trainer,
                                                        const PolicyGradientConfig& config,
                                                        PolicyGradientObserver& observer,
                                                        const std::atomic<bool>* stop) {
  const std::int64_t first = trainer.steps();
  const std::int64_t next = (first / config.evaluate_every + 1) * config.evaluate_every;
  const std::int64_t target = std::min(config.steps, next);
  const kernels::ScopedThreads one_thread(1);  // to start a second one costs more than these nets
  const Stopwatch watch;
  PolicyGradientReport report;
  while (trainer.steps() < target) {
    if (stop && *stop) return std::nullopt;
    report.update = trainer.update();
    observer.on_update(trainer.steps(), mean_of(trainer.recent_returns()), report.update);
  }
  report.steps = trainer.steps();
  report.steps_per_second = static_cast<double>(report.steps - first) / watch.seconds();
  report.training_return = mean_of(trainer.recent_returns());
  const std::vector<double> returns = trainer.evaluate(config.evaluation_episodes);
  report.evaluation_return = mean_of(returns);
  report.evaluation_low = std::ranges::min(returns);
  return report;
}

PolicyGradientSummary train_policy(const PolicyGradientConfig& config, const fs::path& directory,
                                   PolicyGradientObserver& observer,
                                   const std::atomic<bool>* stop) {
  validate(config);
  PolicyGradientTrainer trainer(config);
  RunDirectory run = open_run(config, directory);
  PolicyGradientSummary summary;
  if (const auto latest = run.latest_checkpoint()) {
    trainer.load(run.checkpoint_path(*latest));
    summary.checkpoints = *latest;
    summary.best = std::stoi(run.state(kBest).value_or("0"));
    summary.best_return = std::stod(run.state(kBestReturn).value_or("0"));
  }
  // A run that has made these steps already is left as it is.
  if (trainer.steps() < config.steps) run.set_config(to_map(config));
  observer.on_start(config, trainer.steps(), trainer.net().num_parameters());
  while (trainer.steps() < config.steps) {
    auto report = train_to_evaluation(trainer, config, observer, stop);
    if (!report) break;
    report->checkpoint = ++summary.checkpoints;
    // Of equal ones the last, which has learned most.
    report->best = summary.best == 0 || report->evaluation_return >= summary.best_return;
    if (report->best) {
      summary.best = report->checkpoint;
      summary.best_return = report->evaluation_return;
    }
    IterationRecord record;
    record.iteration = report->checkpoint;
    record.train_steps = trainer.updates();
    record.metrics = metrics_of(*report);
    record.state = {{kBest, std::to_string(summary.best)},
                    {kBestReturn, fmt::format("{}", summary.best_return)}};
    run.add_iteration(record, [&](const fs::path& path) { trainer.save(path); });
    observer.on_checkpoint(*report);
  }
  summary.steps = trainer.steps();
  summary.finished = summary.steps >= config.steps;
  return summary;
}

PolicyGradientConfig policy_gradient_config_of(const RunDirectory& run) {
  expect_kind(run, RunKind::rl);
  return policy_gradient_config_from_map(run.config());
}

}  // namespace tengen::selfplay
