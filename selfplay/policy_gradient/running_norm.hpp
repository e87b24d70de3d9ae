// Running mean and variance of what a net sees, and numbers normalised by them (as most published
// results on MountainCar and the like need): (x - mean) / sqrt(variance + 1e-8), clipped to +-10.
// Batches are merged by Chan, Golub and LeVeque (1979).
#pragma once

#include <span>
#include <vector>

#include "engine/tensor/tensor.hpp"

namespace tengen::selfplay {

class RunningNorm {
 public:
  explicit RunningNorm(int size);

  /// Rows of `size` numbers.
  void add(std::span<const float> rows);
  void normalise(std::span<float> rows) const;
  double deviation(int i) const;

  /// Count, means and variances as one f64 tensor [1 + 2 size], and back.
  Tensor state() const;
  void set_state(const Tensor& state);

 private:
  double count_ = 1e-4;
  std::vector<double> mean_, variance_;
};

}  // namespace tengen::selfplay
