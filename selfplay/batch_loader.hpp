// Makes the next training batch while the present one is trained on.
//
// One call at a time, in order, each on a thread of its own: what `fill` draws from its generator
// does not depend on timing, so neither do the batches. Two batches are in memory. Thread safety:
// next() belongs to one thread; what `fill` reads must not change while a loader exists.
#pragma once

#include <functional>
#include <future>

#include "selfplay/replay_window.hpp"

namespace tengen::selfplay {

class BatchLoader {
 public:
  using Fill = std::function<void(TrainingBatch&)>;

  /// `fill` writes one batch, reusing its tensors. It is called `count` times at most, the first
  /// time at once.
  BatchLoader(int count, Fill fill);

  /// Waits for the next batch, of which there must be one left, and starts on the one after. The
  /// reference holds until the next call. Throws on what `fill` threw.
  const TrainingBatch& next();

 private:
  void start();

  int left_;  // batches not yet started
  const Fill fill_;
  TrainingBatch present_, following_;
  std::future<void> pending_;  // fills following_; its destructor waits for the end
};

}  // namespace tengen::selfplay
