// Learning-rate schedules by name, with their options, as users type them: "cosine",
// "cosine_restarts:period=5". The curves themselves are in schedules.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace tengen {

/// What a run settles for every schedule.
struct ScheduleSettings {
  double learning_rate = 1e-3;       // the highest
  std::int64_t steps_per_epoch = 1;  // at least 1
  std::int64_t epochs = 1;           // of the run in all, at least 1
  std::int64_t warmup_steps = 0;     // of linear warm-up before any of them

  // What options are where a description says nothing.
  double final_rate = 0;
  int step_epochs = 10;
  double step_factor = 0.1;
};

/// The learning rate at a step, counted from 0.
using Schedule = std::function<double(std::int64_t step)>;

/// Throws std::invalid_argument that lists the names below or names the wrong option.
///   constant
///   cosine:final=RATE, linear:final=RATE   over the whole run
///   polynomial:power=2,final=RATE          over the whole run
///   cosine_restarts:period=10,final=RATE   a cosine every `period` epochs
///   step:every=EPOCHS,factor=FACTOR        times `factor` every so many epochs
///   exponential:rate=0.9                   times `rate` an epoch, a little at every step
///   inverse_sqrt:warmup=STEPS              the transformer's; its warm-up takes the place of the
///                                          settings', which it is by default
Schedule make_schedule(const std::string& description, const ScheduleSettings& settings);

/// "constant, cosine, ...".
std::string schedule_names();

}  // namespace tengen
