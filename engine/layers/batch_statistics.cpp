#include "engine/layers/batch_statistics.hpp"

namespace tengen {

namespace {

thread_local std::int64_t batches_before = -1;  // of the pass that this thread is in; -1: in none

/// Within its life this thread is in a pass, even if that ends by an exception.
class Pass {
 public:
  Pass() { batches_before = 0; }
  ~Pass() { batches_before = -1; }
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;
};

}  // namespace

void recompute_statistics(Module& net, std::int64_t batches,
                          const std::function<void(std::int64_t batch)>& forward) {
  const NoGrad no_grad;
  const Pass pass;
  net.train();
  for (std::int64_t batch = 0; batch < batches; ++batch) {
    batches_before = batch;
    forward(batch);
  }
  net.eval();
}

double statistics_momentum(double usual) {
  if (batches_before < 0) return usual;
  const auto before = static_cast<double>(batches_before);
  return before / (before + 1);
}

}  // namespace tengen
