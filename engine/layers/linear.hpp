// Fully connected layer: y = x W^T + b.
#pragma once

#include "engine/base/random.hpp"
#include "engine/layers/module.hpp"

namespace tengen {

class Linear : public Layer {
 public:
  /// Which distribution the weights start from: He before a ReLU, Xavier before tanh or at an
  /// output.
  enum class Init { he, xavier };

  /// Parameters "weight" [out, in] and "bias" [out], which starts at 0.
  Linear(std::int64_t in, std::int64_t out, Rng& rng, Init init = Init::he);

  /// Shares a weight [out, in] that belongs to another module, such as an embedding's table (Press
  /// and Wolf 2017): both uses add to its gradient. Only "bias" is a parameter here, so an
  /// optimizer that has both modules' parameters updates the weight once.
  explicit Linear(const Variable& shared_weight);

  /// x [N, in] -> [N, out].
  Variable forward(const Variable& x) override;

  const Tensor& weight() const { return weight_.value(); }
  const Tensor& bias() const { return bias_.value(); }

 private:
  Variable weight_, bias_;
};

}  // namespace tengen
