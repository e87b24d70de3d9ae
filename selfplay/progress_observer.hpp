// A TrainingObserver for people: a progress line per phase (stderr) and a log line per iteration.
#pragma once

#include <memory>

#include "engine/base/progress.hpp"
#include "selfplay/alpha_zero.hpp"

namespace tengen::selfplay {

class ProgressObserver : public TrainingObserver {
 public:
  void on_start(int first_iteration, const GameCounts& already_played) override;
  void on_phase(const std::string& label, const std::string& unit, std::uint64_t total) override;
  void on_progress(std::uint64_t done, const std::string& note,
                   const std::optional<WorkDone>& work_done) override;
  void on_iteration(const IterationReport& report) override;
  void on_config_change(const std::string& name, const std::string& before,
                        const std::string& now) override;

 private:
  std::unique_ptr<Progress> progress_;
};

}  // namespace tengen::selfplay
