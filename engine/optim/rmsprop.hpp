// RMSProp (Tieleman and Hinton 2012, lecture 6.5): AdaGrad that forgets, so that its rate need not
// fall for ever.
//   h <- decay h + (1 - decay) g^2        theta <- theta - rate g / (sqrt(h) + epsilon)
#pragma once

#include "engine/optim/optimizer.hpp"

namespace tengen {

struct RmsPropOptions {
  double learning_rate = 0.01;
  double decay = 0.99;  // of the mean square
  double epsilon = 1e-8;
  double weight_decay = 0.0;  // L2: added to the gradient
};

class RmsProp : public Optimizer {
 public:
  RmsProp(std::vector<NamedParameter> parameters, const RmsPropOptions& options);

  std::vector<NamedBuffer> state() const override;  // "square.*"

 protected:
  void update(std::size_t index, Tensor& value, const Tensor& grad) override;

 private:
  const RmsPropOptions options_;
  std::vector<Tensor> square_;
};

}  // namespace tengen
