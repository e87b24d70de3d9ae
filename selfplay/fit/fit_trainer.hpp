// Supervised training, epoch by epoch: batches, threads, optimizer, learning rate, penalties,
// averages of the weights. Knows no files but its own state's.
//
// All that is drawn follows from the seed and the number of the step, so from a checkpoint at the
// end of an epoch training goes on to the bit, for a given number of threads. Another number of
// threads changes the rounding, and what each share of a batch has for itself: the statistics of
// batch norms (data_parallel.hpp) and the masks of dropout.
// Thread safety: one thread at a time.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include "engine/optim/optimizer.hpp"
#include "engine/optim/pruning.hpp"
#include "selfplay/data_parallel.hpp"
#include "selfplay/fit/fit_config.hpp"
#include "selfplay/fit/fit_task.hpp"

namespace tengen::selfplay {

/// A loss, a gradient or a weight is not finite.
struct TrainingDiverged : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Means over the steps of an epoch.
struct EpochLosses {
  double loss = 0;           // with penalties
  double gradient_norm = 0;  // before clipping
  double learning_rate = 0;
};

class FitTrainer {
 public:
  /// `config` is resolved(); `task`, which is prepared for training, must outlive the trainer.
  FitTrainer(const FitTask& task, const FitConfig& config, int threads);

  /// Called after each step with the examples seen of the epoch and the loss of the step.
  using OnStep = std::function<void(std::int64_t examples, double loss)>;

  /// Trains through epoch `number`, from 1; nothing if `stop` (may be null) ended it early. Throws
  /// TrainingDiverged if a loss or gradient is not finite, with the step, the batch and the layer
  /// where it began (the weights are then as before that step), and if the epoch leaves a weight,
  /// a statistic or the optimizer's memory that is not.
  std::optional<EpochLosses> train_epoch(int number, const OnStep& on_step,
                                         const std::atomic<bool>* stop);

  /// The net that counts: the average of the weights if there is one yet. In eval mode.
  FitModel& model();
  std::int64_t steps() const { return optimizer_->steps(); }
  double learning_rate_at(std::int64_t step) const { return schedule_(step); }
  /// Share of the weights that are zero.
  double sparsity() const { return pruning_.sparsity(); }

  /// net.safetensors (the one that counts), training_net.safetensors where that is another, and
  /// optimizer.safetensors.
  void save(const std::filesystem::path& directory,
            const std::map<std::string, std::string>& metadata) const;
  /// Throws Error if a file is missing, damaged or of another net.
  void load(const std::filesystem::path& directory);
  /// Begins with the weights of a net file of the same architecture. Throws Error likewise.
  void start_from(const std::filesystem::path& net);

 private:
  void prune(int epoch);
  double step(std::span<const std::uint32_t> examples, EpochLosses& sum);
  void update();
  void average_epoch(const Epoch& epoch);
  bool average_counts() const { return average_ && (config_.swa_start == 0 || averaged_ > 0); }
  Variable share_loss(const DataParallel::Share& share, std::span<const std::uint32_t> examples);
  Variable penalty();
  void check_finite(std::span<const Variable> losses,
                    std::span<const std::uint32_t> examples) const;
  void check_state() const;

  const FitTask& task_;
  const FitConfig config_;
  const int threads_;
  std::vector<std::unique_ptr<FitModel>> models_;  // one a thread; the first has the net
  std::unique_ptr<FitModel> average_;              // null without an average of the weights
  const Schedule schedule_;
  std::unique_ptr<Optimizer> optimizer_;
  MagnitudePruning pruning_;
  DataParallel data_parallel_;
  std::int64_t averaged_ = 0;  // epochs in the equal average
  int epoch_ = 0, batch_ = 0;  // present ones
};

}  // namespace tengen::selfplay
