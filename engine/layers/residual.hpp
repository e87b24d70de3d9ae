// y = x + f(x) for any layer f that keeps the shape (He et al. 2016).
#pragma once

#include <memory>

#include "engine/layers/module.hpp"

namespace tengen {

class Residual : public Layer {
 public:
  /// The child is named "body".
  explicit Residual(std::unique_ptr<Layer> body);

  Variable forward(const Variable& x) override;

 private:
  std::unique_ptr<Layer> body_;
};

}  // namespace tengen
