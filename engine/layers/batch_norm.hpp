// Batch normalisation of the last axis (Ioffe and Szegedy 2015).
//
// Training mode normalises with the batch's own mean and biased variance and moves the running
// statistics: running <- momentum running + (1 - momentum) batch, with the unbiased variance.
// Eval mode normalises with the running statistics. Images may be bf16; everything else stays f32.
#pragma once

#include "engine/autograd/ops_norm.hpp"
#include "engine/layers/module.hpp"

namespace tengen {

class BatchNorm : public Layer {
 public:
  /// Parameters "gamma" (starts at 1) and "beta" (0), buffers "running_mean" (0) and
  /// "running_variance" (1), each [channels].
  explicit BatchNorm(std::int64_t channels, double momentum = 0.9, double epsilon = 1e-5);

  /// x [..., channels] -> same shape. Training mode needs more than one row.
  Variable forward(const Variable& x) override;
  /// relu(forward(x) + residual), or relu(forward(x)), with fewer passes over memory in training.
  Variable forward_relu(const Variable& x, const Variable& residual = {});

  double epsilon() const { return epsilon_; }
  const Tensor& gamma() const { return gamma_.value(); }
  const Tensor& beta() const { return beta_.value(); }
  const Tensor& running_mean() const { return running_mean_; }
  const Tensor& running_variance() const { return running_variance_; }

 private:
  Variable normalise_batch(const Variable& x, const NormTail& tail);
  void update_running(const Tensor& mean, const Tensor& variance, std::int64_t rows);

  const double momentum_, epsilon_;
  Variable gamma_, beta_;
  Tensor running_mean_, running_variance_;
};

}  // namespace tengen
