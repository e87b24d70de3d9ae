// Dropout (Srivastava et al. 2014), in its inverted form: in training each element is zero with
// probability p and otherwise divided by 1 - p, so that its expectation is the input and evaluation
// is the identity.
//
// The masks follow from the generator that the layer is given and the number of calls since; it is
// not part of a checkpoint: a trainer that resumes to the bit uses Module::reseed().
#pragma once

#include "engine/base/random.hpp"
#include "engine/layers/module.hpp"

namespace tengen {

/// Elements 0 with probability `drop`, else 1 / (1 - drop).
Tensor dropout_mask(const Shape& shape, DType dtype, double drop, Rng& rng);

class Dropout : public Layer {
 public:
  /// `drop` in [0, 1).
  Dropout(double drop, Rng rng);

  Variable forward(const Variable& x) override;

 protected:
  void on_reseed(const Rng& rng) override { rng_ = rng; }

 private:
  const double drop_;
  Rng rng_;
};

}  // namespace tengen
