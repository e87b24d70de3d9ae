// Gradients of one batch on several threads: each works on its share of the rows with a replica of
// the net, alone and without a barrier inside the pass; then gradients and statistics are added up.
//
// Replicas share the weights' storage, so there is nothing to broadcast. The result is the gradient
// of the whole batch's mean loss, with one exception that data-parallel training has everywhere:
// batch norms see the statistics of their own share ("ghost batch norm", Hoffer et al. 2017).
// Running statistics become the mean over the shares. For a given number of threads results are
// reproducible to the bit. Thread safety: one thread at a time; the net must not be used by others
// during run().
#pragma once

#include <functional>
#include <vector>

#include "engine/layers/module.hpp"

namespace tengen::selfplay {

class DataParallel {
 public:
  /// No share is smaller: below it batch statistics would be too noisy.
  static constexpr int kMinRows = 16;

  /// workers[0] is the net that is trained, the others (perhaps none) are replicas of it: modules
  /// of the same architecture, whose own weights are never used. All must outlive this object.
  explicit DataParallel(std::vector<Module*> workers);

  /// Rows [first, first + count) of the batch, on worker number `index`.
  struct Share {
    int index = 0, first = 0, count = 0;
  };
  /// Calls pass(share), which runs forward and backward on the worker of that number, for every
  /// share of a batch of `rows`, each in kernels::ScopedThreads(1). Afterwards the net's gradients
  /// (cleared at the start) are the sums over the shares. A pass must weigh its loss by count /
  /// rows. The first exception of a pass is thrown on.
  void run(int rows, const std::function<void(const Share&)>& pass);

  /// Shares that a batch of `rows` is cut into; at most the number of workers.
  int shares(int rows) const;

 private:
  Module& worker(int index) { return *workers_[static_cast<std::size_t>(index)]; }
  void share_state(int shares);
  void gather(int rows, int shares);
  Share share(int index, int rows, int shares) const;

  const std::vector<Module*> workers_;
};

}  // namespace tengen::selfplay
