// Every knob of supervised training, declared once (config_field.hpp). What is empty or 0 by
// default is the task's own choice.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/optim/named_schedules.hpp"
#include "selfplay/config_field.hpp"
#include "selfplay/fit/fit_task.hpp"
#include "selfplay/run_directory.hpp"

namespace tengen::selfplay {

struct FitConfig {
  std::string task = "mnist";
  std::string data;  // folder or file of the task's examples
  std::string net;
  std::uint64_t seed = 1;
  int epochs = 0;
  double minutes = 0;  // of this call; 0: no limit
  int threads = 0;     // 0: one per logical CPU

  int batch = 0;
  std::string optimizer;
  double learning_rate = 0;
  double momentum = 0.9;  // of momentum and nesterov
  std::string schedule = "constant";
  double final_learning_rate = 0;
  int decay_epochs = 10;
  double decay_factor = 0.1;
  std::int64_t warmup_steps = 0;
  double weight_decay = 0;
  double l1 = 0;
  double gradient_clip = 0;
  double weight_average = 0;
  int swa_start = 0;

  std::string start;     // weights to start from
  double prune = 0;      // share of the weights
  int prune_epochs = 0;  // over which it is reached

  int patience = 0;
  int checkpoint_every = 1;
};

/// Every knob; the fields point into `config`.
std::vector<ConfigField> fit_fields(FitConfig& config);

/// With the task's choice for what was left open, descriptions in canonical form and absolute
/// paths. Throws std::invalid_argument that names the first bad knob and what it may be.
FitConfig resolved(const FitConfig& config, const FitTask& task);

/// For make_schedule(); `config` is resolved, an epoch has so many examples.
ScheduleSettings schedule_settings(const FitConfig& config, std::int64_t examples);

/// As run.db keeps it.
std::map<std::string, std::string> to_map(const FitConfig& config);
/// Inverse; absent knobs keep their default. Throws Error on an unknown name or a bad value.
FitConfig fit_config_from_map(const std::map<std::string, std::string>& values);
/// The config of a run of `tengen fit`. Throws Error if it is another command's.
FitConfig fit_config_of(const RunDirectory& run);

}  // namespace tengen::selfplay
