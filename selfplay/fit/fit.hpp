// Supervised training in a run directory: epoch, scores on held-out examples, checkpoint, again.
//
// An epoch is an iteration of the run directory, whose checkpoints and metrics it has; the newest
// checkpoint and the best one are kept. Killed at any moment, the same call goes on from the newest
// checkpoint, and with the same number of threads ends with the same bytes as without the kill.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>

#include "selfplay/fit/fit_config.hpp"
#include "selfplay/fit/fit_task.hpp"
#include "selfplay/fit/fit_trainer.hpp"
#include "selfplay/run_directory.hpp"

namespace tengen::selfplay {

struct EpochReport {
  int epoch = 0, epochs = 0;  // this one, and the last that the config allows
  EpochLosses training;
  FitScores held_out;  // on Part::validation
  bool best = false;   // so far, by the validation examples
  bool kept = false;   // counts as the best one: it is, or there is nothing that could choose
  double examples_per_second = 0, train_seconds = 0, evaluation_seconds = 0;
  double remaining_seconds = 0;  // until the last epoch, at this one's speed
};

/// "epoch 3/20  loss 0.0712  held-out 0.0603  accuracy 0.9813  6210 examples/s  ETA 2m41s".
std::string summary_line(const EpochReport& report);

/// What fit() tells while it runs; every call comes from the thread that called it.
class FitObserver {
 public:
  virtual ~FitObserver() = default;
  /// Once. first_epoch > 1: an earlier call goes on.
  virtual void on_start(int /*first_epoch*/, const FitConfig& /*config*/,
                        std::int64_t /*parameters*/) {}
  /// The epochs up to the next checkpoint begin, with so many examples in all.
  virtual void on_epochs_start(int /*first*/, int /*last*/, std::int64_t /*examples*/) {}
  /// `examples` of them are done.
  virtual void on_step(std::int64_t /*examples*/, double /*loss*/) {}
  /// So many examples of the held-out ones are done; 0: the epochs are over, the evaluation begins.
  virtual void on_evaluation(std::int64_t /*done*/, std::int64_t /*total*/) {}
  /// The checkpoint is now durable.
  virtual void on_epoch(const EpochReport& /*report*/) {}
  /// A knob differs from the one that the run was made with (allowed, and recorded).
  virtual void on_config_change(const std::string& /*name*/, const std::string& /*before*/,
                                const std::string& /*now*/) {}
};

enum class FitEnd { epochs, patience, time, requested };

struct FitSummary {
  FitEnd reason = FitEnd::epochs;
  int epochs = 0;  // done in the run in all
  int best = 0;    // epoch whose checkpoint scored best on the held-out examples
};

/// Creates the run in `directory` or goes on with the one there. Validates before anything is
/// written. `task` is the one that config.task names. Throws Error if the directory holds a run of
/// another task or net or is no run, and TrainingDiverged before a net that gives no finite loss
/// becomes a checkpoint (the last one stays). `stop` (may be null) asks for an early end, within a
/// step; when the epochs up to a checkpoint are done, they are evaluated and kept first.
FitSummary fit(const FitConfig& config, const FitTask& task, const std::filesystem::path& directory,
               FitObserver& observer, const std::atomic<bool>* stop = nullptr);

/// The net of a checkpoint of a run of this task, in eval mode. Throws Error if there is none.
std::unique_ptr<FitModel> load_fitted(const FitTask& task, const RunDirectory& run, int checkpoint);

}  // namespace tengen::selfplay
