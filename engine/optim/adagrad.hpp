// AdaGrad (Duchi, Hazan and Singer 2011): each element's rate falls with the squares of its own
// past gradients.
//   h <- h + g^2        theta <- theta - rate g / (sqrt(h) + epsilon)
#pragma once

#include "engine/optim/optimizer.hpp"

namespace tengen {

struct AdaGradOptions {
  double learning_rate = 0.01;
  double epsilon = 1e-10;
  double weight_decay = 0.0;  // L2: added to the gradient
};

class AdaGrad : public Optimizer {
 public:
  AdaGrad(std::vector<NamedParameter> parameters, const AdaGradOptions& options);

  std::vector<NamedBuffer> state() const override;  // "square.*"

 protected:
  void update(std::size_t index, Tensor& value, const Tensor& grad) override;

 private:
  const AdaGradOptions options_;
  std::vector<Tensor> square_;
};

}  // namespace tengen
