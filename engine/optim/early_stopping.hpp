// Early stopping (Prechelt 1998; Goodfellow et al. 2016, algorithm 7.1): training ends when its
// results on validation examples have not improved for a while, and the best round's weights are
// the ones that count. Keeps no weights itself: whoever trains has them in checkpoints.
#pragma once

#include "engine/base/error.hpp"

namespace tengen {

/// A round's result on validation examples.
struct ValidationScore {
  double quality = 0;  // the higher the better
  double loss = 0;     // decides between equal qualities, the lower the better
};

class EarlyStopping {
 public:
  /// Enough is after `patience` rounds without a better one; 0: never.
  explicit EarlyStopping(int patience) : patience_(patience) {
    if (patience < 0)
      bad_argument("EarlyStopping", "expected a patience of at least 0, got {}", patience);
  }

  /// Better than the best so far, or the first. A NaN is better than nothing alone.
  bool is_better(const ValidationScore& score) const {
    return best_round_ == 0 || score.quality > best_.quality ||
           (score.quality == best_.quality && score.loss < best_.loss);
  }
  /// From here on `round` (from 1) is the best.
  void keep(int round, const ValidationScore& score) {
    best_round_ = round;
    best_ = score;
  }
  bool is_enough(int round) const { return patience_ > 0 && round - best_round_ >= patience_; }

  int best_round() const { return best_round_; }  // 0: none yet
  const ValidationScore& best() const { return best_; }

 private:
  int patience_;
  int best_round_ = 0;
  ValidationScore best_;
};

}  // namespace tengen
