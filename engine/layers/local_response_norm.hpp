// Local response normalisation as a layer, for AlexNet-style nets.
#pragma once

#include "engine/autograd/ops_local_response_norm.hpp"
#include "engine/layers/module.hpp"

namespace tengen {

class LocalResponseNorm : public Layer {
 public:
  explicit LocalResponseNorm(const LocalResponseNormOptions& options = {}) : options_(options) {}

  /// x [..., C] -> same shape.
  Variable forward(const Variable& x) override { return local_response_norm(x, options_); }

 private:
  const LocalResponseNormOptions options_;
};

}  // namespace tengen
