// Early stopping (Prechelt 1998; Goodfellow et al. 2016, algorithm 7.1): training ends when the
// validation loss has not improved for a while, and the best weights come back.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "engine/layers/module.hpp"

namespace tengen {

struct EarlyStoppingOptions {
  int patience = 5;              // rounds without an improvement until it is enough
  double min_improvement = 0.0;  // a loss must be lower than the best by more than this to count
};

class EarlyStopping {
 public:
  /// `module` must outlive this object.
  explicit EarlyStopping(Module& module, const EarlyStoppingOptions& options = {});

  /// Takes the validation loss of the module as it is now, and keeps a copy of its parameters and
  /// buffers if it is the best so far. Returns whether to go on. A NaN is no improvement.
  bool update(double loss);

  /// Writes the best parameters and buffers back; without any update so far, changes nothing.
  void restore_best();

  double best_loss() const { return best_loss_; }          // infinite before the first update
  std::int64_t best_round() const { return best_round_; }  // counted from 0; -1 before the first

 private:
  std::vector<Tensor> live_tensors() const;

  const EarlyStoppingOptions options_;
  Module& module_;
  std::vector<Tensor> best_;
  double best_loss_ = std::numeric_limits<double>::infinity();
  std::int64_t round_ = 0, best_round_ = -1;
};

}  // namespace tengen
