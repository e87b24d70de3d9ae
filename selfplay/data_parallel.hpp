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
#include <memory>
#include <vector>

#include "nets/policy_value_net.hpp"

namespace tengen::selfplay {

class DataParallel {
 public:
  /// No share is smaller: below it batch statistics would be too noisy.
  static constexpr int kMinRows = 16;

  /// The net must outlive this object. `threads` >= 1.
  DataParallel(nets::PolicyValueNet& net, int threads);

  /// Rows [first, first + count) of the batch, on share number `index`.
  struct Share {
    int index = 0, first = 0, count = 0;
  };
  /// Calls pass(net or replica, share), which runs forward and backward, for every share of a batch
  /// of `rows`, each in kernels::ScopedThreads(1). Afterwards the net's gradients (cleared at the
  /// start) are the sums over the shares. A pass must weigh its loss by count / rows. The first
  /// exception of a pass is thrown on.
  void run(int rows, const std::function<void(nets::PolicyValueNet&, const Share&)>& pass);

  /// Shares that a batch of `rows` is cut into; at most the number of threads.
  int shares(int rows) const;

 private:
  nets::PolicyValueNet& worker(int index);
  void share_state(int shares);
  void gather(int rows, int shares);
  Share share(int index, int rows, int shares) const;

  nets::PolicyValueNet& net_;
  std::vector<std::unique_ptr<nets::PolicyValueNet>> replicas_;  // for shares 1, 2, ...
};

}  // namespace tengen::selfplay
