// Policy gradient training in a run directory (run_directory.hpp): metrics, evaluations, the best
// net, and going on after a kill with the result that an uninterrupted run has.
//
// Every evaluate_every steps the policy is evaluated and a checkpoint written, which changes
// nothing in what training does. Thread safety: one thread at a time.
#pragma once

#include <atomic>
#include <filesystem>

#include "selfplay/policy_gradient/policy_gradient_trainer.hpp"
#include "selfplay/run_directory.hpp"

namespace tengen::selfplay {

struct PolicyGradientReport {
  int checkpoint = 0;
  std::int64_t steps = 0;
  UpdateReport update;         // the last
  double training_return = 0;  // mean of recent_returns(); NaN if no episode ended
  double evaluation_return = 0, evaluation_low = 0;  // mean and least over the episodes
  double steps_per_second = 0;                       // without evaluations
  bool best = false;
};

/// Metrics, as the run directory keeps them; "steps" is the x axis of learning curves.
std::vector<std::pair<std::string, double>> metrics_of(const PolicyGradientReport& report);

class PolicyGradientObserver {
 public:
  virtual ~PolicyGradientObserver() = default;
  virtual void on_start(const PolicyGradientConfig&, std::int64_t /*steps_done*/,
                        std::int64_t /*parameters*/) {}
  virtual void on_update(std::int64_t /*steps*/, double /*recent_return*/, const UpdateReport&) {}
  virtual void on_checkpoint(const PolicyGradientReport&) {}
};

/// Trains up to the next multiple of evaluate_every, or config.steps, and evaluates. `stop` (may be
/// null) ends it early, between updates: nullopt.
std::optional<PolicyGradientReport> train_to_evaluation(PolicyGradientTrainer& trainer,
                                                        const PolicyGradientConfig& config,
                                                        PolicyGradientObserver& observer,
                                                        const std::atomic<bool>* stop = nullptr);

struct PolicyGradientSummary {
  bool finished = false;  // all steps done
  std::int64_t steps = 0;
  int checkpoints = 0, best = 0;
  double best_return = 0;
};

/// Creates the run in `directory` or goes on with the one there. Validates before anything is
/// written. Throws Error if the directory holds another run, or an action or loss is not finite
/// (the last checkpoint stays).
PolicyGradientSummary train_policy(const PolicyGradientConfig& config,
                                   const std::filesystem::path& directory,
                                   PolicyGradientObserver& observer,
                                   const std::atomic<bool>* stop = nullptr);

/// The config of a run of `tengen rl`. Throws Error if it is another command's.
PolicyGradientConfig policy_gradient_config_of(const RunDirectory& run);

}  // namespace tengen::selfplay
