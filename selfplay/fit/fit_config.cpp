#include "selfplay/fit/fit_config.hpp"

#include <filesystem>

#include "engine/base/error.hpp"
#include "selfplay/fit/optimizers.hpp"
#include "selfplay/run_kind.hpp"

namespace tengen::selfplay {

namespace {

constexpr double kMany = 2e9;

/// So that a run goes on from any working directory. Empty stays empty.
std::string absolute_path(const std::string& path) {
  return path.empty() ? "" : std::filesystem::absolute(path).lexically_normal().string();
}

std::vector<ConfigField> run_fields(FitConfig& c) {
  return {
      {"task", "run",
       "what to learn, with its options; cannot change within a run, but for a teacher", &c.task},
      {"data", "run", "folder or file of its examples", &c.data},
      {"net", "run", "architecture; default: the task's; cannot change within a run", &c.net},
      {"start", "run",
       "run or net file of the same architecture whose weights a new run begins with", &c.start},
      {"seed", "run", "root of all randomness", &c.seed, 0, 9e18},
      {"epochs", "run", "passes over the examples in all, earlier calls included; 0: the task's",
       &c.epochs, 0, kMany},
      {"minutes", "run", "time limit of this call; 0: none", &c.minutes, 0, 1e6},
      {"threads", "run",
       "0: one per logical CPU; with batch norm or dropout another number is another result, since "
       "each sees its share of a batch",
       &c.threads, 0, 1024},
      {"patience", "run", "end after so many epochs without a better one; 0: never", &c.patience, 0,
       kMany},
      {"checkpoint_every", "run", "epochs between checkpoints, where the net is measured",
       &c.checkpoint_every, 1, kMany},
  };
}

std::vector<ConfigField> training_fields(FitConfig& c) {
  return {
      {"batch", "training", "examples per step; 0: the task's", &c.batch, 0, 1e6},
      {"optimizer", "training",
       "sgd, momentum, nesterov, adagrad, rmsprop, adam or adamw; default: the task's",
       &c.optimizer},
      {"learning_rate", "training",
       "after the warm-up; 0: the task's, or the optimizer's usual one", &c.learning_rate, 0, 1000},
      {"momentum", "training", "of momentum and nesterov", &c.momentum, 0, 0.9999},
      {"schedule", "training",
       "of the learning rate: constant, cosine, linear, polynomial:power=2, "
       "cosine_restarts:period=10, step:every=10,factor=0.1 or exponential:rate=0.9, in epochs, or "
       "inverse_sqrt:warmup=STEPS; those that come to an end take final=RATE",
       &c.schedule},
      {"final_learning_rate", "training", "the schedule's final where that says nothing",
       &c.final_learning_rate, 0, 1000},
      {"decay_epochs", "training", "step's every, likewise", &c.decay_epochs, 1, kMany},
      {"decay_factor", "training", "step's factor, likewise", &c.decay_factor, 0, 1},
      {"warmup_steps", "training", "steps of linear warm-up", &c.warmup_steps, 0, kMany},
      {"weight_decay", "training",
       "ridge: half of it times the squared weights is added to the loss (adamw: decoupled)",
       &c.weight_decay, 0, 1},
      {"l1", "training", "lasso: this times the absolute weights is added to the loss", &c.l1, 0,
       1},
      {"gradient_clip", "training", "largest norm of the gradient; 0: no clipping",
       &c.gradient_clip, 0, 1e9},
      {"weight_average", "training",
       "decay a step of the moving average of the weights, which is then what counts; 0: none",
       &c.weight_average, 0, 0.99999},
      {"swa_start", "training",
       "epoch from which on an equal average of the weights after each counts (stochastic weight "
       "averaging); 0: none",
       &c.swa_start, 0, kMany},
  };
}

std::vector<ConfigField> compression_fields(FitConfig& c) {
  return {
      {"prune", "compression", "share of the weights, the smallest, to make zero; 0: none",
       &c.prune, 0, 0.999},
      {"prune_epochs", "compression", "epochs over which that share is reached", &c.prune_epochs, 0,
       kMany},
  };
}

}  // namespace

std::vector<ConfigField> fit_fields(FitConfig& config) {
  std::vector<ConfigField> all;
  for (auto* group : {run_fields, training_fields, compression_fields})
    for (ConfigField& field : group(config)) all.push_back(std::move(field));
  return all;
}

FitConfig resolved(const FitConfig& config, const FitTask& task) {
  FitConfig result = config;
  for (const ConfigField& field : fit_fields(result)) check_bounds(field);
  result.data = absolute_path(config.data);
  result.start = absolute_path(config.start);
  const FitDefaults defaults = task.defaults();
  if (result.optimizer.empty()) result.optimizer = defaults.optimizer;
  if (result.learning_rate == 0)
    result.learning_rate = result.optimizer == defaults.optimizer
                               ? defaults.learning_rate
                               : usual_learning_rate(result.optimizer);
  if (result.batch == 0) result.batch = defaults.batch;
  if (result.epochs == 0) result.epochs = defaults.epochs;
  if (result.prune > 0 && result.prune_epochs > result.epochs)
    bad_argument("prune_epochs",
                 "expected at most the {} epochs, the net is not pruned before, got {}",
                 result.epochs, result.prune_epochs);
  result.task = task.spec();
  result.net = task.canonical_net(config.net.empty() ? defaults.net : config.net);
  check_choice("optimizer", result.optimizer, optimizer_names());
  if (result.swa_start > 0 && result.weight_average > 0)
    bad_argument("swa_start", "expected one average of the weights, got weight_average={:g} too",
                 result.weight_average);
  if (result.swa_start > result.epochs)
    bad_argument("swa_start", "expected one of the {} epochs, got {}", result.epochs,
                 result.swa_start);
  make_schedule(result.schedule, schedule_settings(result, task.size()));
  return result;
}

ScheduleSettings schedule_settings(const FitConfig& config, std::int64_t examples) {
  return {.learning_rate = config.learning_rate,
          .steps_per_epoch = (examples + config.batch - 1) / config.batch,
          .epochs = config.epochs,
          .warmup_steps = config.warmup_steps,
          .final_rate = config.final_learning_rate,
          .step_epochs = config.decay_epochs,
          .step_factor = config.decay_factor};
}

std::map<std::string, std::string> to_map(const FitConfig& config) {
  FitConfig copy = config;
  return to_map(fit_fields(copy));
}

FitConfig fit_config_from_map(const std::map<std::string, std::string>& values) {
  FitConfig config;
  set_from_map(fit_fields(config), values);
  return config;
}

FitConfig fit_config_of(const RunDirectory& run) {
  expect_kind(run, RunKind::fit);
  return fit_config_from_map(run.config());
}

}  // namespace tengen::selfplay
