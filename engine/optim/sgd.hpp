// Stochastic gradient descent with momentum (Polyak 1964) and optionally Nesterov's look-ahead
// (Sutskever et al. 2013):
//   g <- grad + weight_decay theta
//   v <- momentum v - rate g
//   theta <- theta + v                     (classical)
//   theta <- theta + momentum v - rate g   (Nesterov)
#pragma once

#include "engine/optim/optimizer.hpp"

namespace tengen {

struct SgdOptions {
  double learning_rate = 0.01;
  double momentum = 0.9;      // 0: plain gradient descent
  bool nesterov = false;      // needs momentum > 0
  double weight_decay = 0.0;  // L2: added to the gradient
};

class Sgd : public Optimizer {
 public:
  Sgd(std::vector<NamedParameter> parameters, const SgdOptions& options);

  std::vector<NamedBuffer> state() const override;  // "momentum.*", none if momentum is 0

 protected:
  void update(std::size_t index, Tensor& value, const Tensor& grad) override;

 private:
  const SgdOptions options_;
  std::vector<Tensor> velocity_;
};

}  // namespace tengen
