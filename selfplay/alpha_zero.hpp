// AlphaZero training in a run directory: self-play, training, evaluation, checkpoint, again.
//
// Iteration k (from 1): play games_per_iteration games with the playing net, train on the replay
// window, every few iterations play a match against the reference checkpoint, save checkpoint k.
// Phases are synchronous and each uses all threads. Killed at any moment, the same call goes on:
// games are reported only once they are durable, and an iteration's training, match, metrics and
// checkpoint become visible together.
// With one thread and a seed, two uninterrupted runs give identical games and weights.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <span>

#include "engine/base/progress.hpp"
#include "selfplay/alpha_zero_config.hpp"
#include "selfplay/iteration_report.hpp"
#include "selfplay/run_directory.hpp"

namespace tengen::selfplay {

/// What training tells while it runs; every call comes from the thread that called train().
class TrainingObserver {
 public:
  virtual ~TrainingObserver() = default;
  /// Once, if there is anything left to do. `first_iteration` > 1 or games > 0: an earlier run goes
  /// on.
  virtual void on_start(int /*first_iteration*/, const GameCounts& /*already_played*/) {}
  /// A phase ("self-play", "training", "evaluation") begins, of `total` `unit`.
  virtual void on_phase(const std::string& /*label*/, const std::string& /*unit*/,
                        std::uint64_t /*total*/) {}
  /// `work_done`: where the count does not tell how much that is.
  virtual void on_progress(std::uint64_t /*done*/, const std::string& /*note*/,
                           const std::optional<WorkDone>& /*work_done*/) {}
  /// Games that are now durable in the run directory.
  virtual void on_games(std::span<const GameRow> /*games*/) {}
  /// The iteration's checkpoint is now durable.
  virtual void on_iteration(const IterationReport& /*report*/) {}
  /// A knob differs from the one that the run was made with (allowed, and recorded).
  virtual void on_config_change(const std::string& /*name*/, const std::string& /*before*/,
                                const std::string& /*now*/) {}
};

enum class StopReason { iterations, time, requested };

struct TrainingSummary {
  StopReason reason = StopReason::iterations;
  int iterations = 0;  // done in the run in all
  int checkpoint = 0;  // the newest
};

/// Creates the run in `directory` or goes on with the one there. Validates before anything is
/// written. Throws Error if the directory holds a run of another game or net, is no run, or the
/// loss is not finite (the last checkpoint stays). An iteration is not begun if the previous one's
/// time says that it would end after the time limit; at least one is done. `stop` (may be null)
/// asks for an early end, within a move of self-play or a step of training; what was reported is
/// kept.
TrainingSummary train(const AlphaZeroConfig& config, const std::filesystem::path& directory,
                      TrainingObserver& observer, const std::atomic<bool>* stop = nullptr);

}  // namespace tengen::selfplay
