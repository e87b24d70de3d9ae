// Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019):
//   m <- beta1 m + (1 - beta1) g        v <- beta2 v + (1 - beta2) g^2        t = 1, 2, ...
//   theta <- theta - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
// t counts the updates that m and v have seen, not those of another optimizer before.
// Weight decay is either decoupled (AdamW: theta shrinks by rate * weight_decay first) or added to
// the gradient.
#pragma once

#include "engine/optim/optimizer.hpp"

namespace tengen {

struct AdamOptions {
  double learning_rate = 1e-3;
  double beta1 = 0.9;    // decay of the mean gradient
  double beta2 = 0.999;  // decay of the mean square
  double epsilon = 1e-8;
  double weight_decay = 0.0;
  bool decoupled = true;  // AdamW; false: L2 in the gradient
};

class Adam : public Optimizer {
 public:
  Adam(std::vector<NamedParameter> parameters, const AdamOptions& options);

  std::vector<NamedBuffer> state() const override;  // "mean.*", then "square.*"

 protected:
  void update(std::size_t index, Tensor& value, const Tensor& grad) override;

 private:
  const AdamOptions options_;
  std::vector<Tensor> mean_, square_;
};

}  // namespace tengen
