// DropConnect (Wan et al. 2013): a fully connected layer that drops single weights, not units.
//
// In training each weight is zero with probability p and otherwise divided by 1 - p (one mask for
// the whole batch; the bias is kept); evaluation uses the weights as they are. The paper's sampled
// inference is left out: as with dropout, the mean weight stands for it.
#pragma once

#include "engine/base/random.hpp"
#include "engine/layers/module.hpp"

namespace tengen {

class DropConnect : public Layer {
 public:
  /// Parameters "weight" [out, in], He-initialised, and "bias" [out], which starts at 0. `drop` in
  /// [0, 1). The masks come from a generator that `rng` seeds.
  DropConnect(std::int64_t in, std::int64_t out, double drop, Rng& rng);

  /// x [N, in] -> [N, out].
  Variable forward(const Variable& x) override;

  const Tensor& weight() const { return weight_.value(); }
  const Tensor& bias() const { return bias_.value(); }

 protected:
  void on_reseed(const Rng& rng) override { rng_ = rng; }

 private:
  const double drop_;
  Variable weight_, bias_;
  Rng rng_;
};

}  // namespace tengen
