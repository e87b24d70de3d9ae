#include "selfplay/progress_observer.hpp"

#include "engine/base/log.hpp"

namespace tengen::selfplay {

void ProgressObserver::on_start(int first_iteration, const GameCounts& already_played) {
  if (first_iteration > 1 || already_played.games > 0)
    spdlog::info("going on with iteration {}: {} games, {} positions so far", first_iteration,
                 already_played.games, already_played.positions);
}

void ProgressObserver::on_phase(const std::string& label, const std::string& unit,
                                std::uint64_t total) {
  progress_ = std::make_unique<Progress>(label, unit, total);
}

void ProgressObserver::on_progress(std::uint64_t done, const std::string& note,
                                   const std::optional<WorkDone>& work_done) {
  if (progress_) progress_->update(done, note, work_done);
}

void ProgressObserver::on_iteration(const IterationReport& report) {
  progress_.reset();
  spdlog::info("{}", summary_line(report));
}

void ProgressObserver::on_config_change(const std::string& name, const std::string& before,
                                        const std::string& now) {
  spdlog::info("{} was {}, is now {}", name, before, now);
}

}  // namespace tengen::selfplay
