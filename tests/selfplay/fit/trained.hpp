// A net trained for a test, on one thread and without a run directory.
#pragma once

#include <memory>

#include "selfplay/fit/fit_trainer.hpp"

namespace tengen::test {

/// From epoch 1 to this one; what the config leaves open is the task's own choice.
inline std::unique_ptr<selfplay::FitTrainer> trained(const selfplay::FitTask& task,
                                                     const selfplay::FitConfig& config,
                                                     int epochs) {
  auto trainer = std::make_unique<selfplay::FitTrainer>(task, resolved(config, task), 1);
  for (int epoch = 1; epoch <= epochs; ++epoch)
    trainer->train_epoch(
        epoch, [](std::int64_t, double) {}, nullptr);
  return trainer;
}

}  // namespace tengen::test
