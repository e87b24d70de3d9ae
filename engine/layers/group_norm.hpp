// Normalisation of each example by itself, as layers: group norm (Wu and He 2018), instance norm
// (Ulyanov et al. 2016: a group for each channel) and layer norm (Ba et al. 2016: the last axis).
// Training and evaluation are the same, and so is any batch size, 1 included.
#pragma once

#include "engine/layers/module.hpp"

namespace tengen {

class GroupNorm : public Layer {
 public:
  /// Parameters "gamma" (starts at 1) and "beta" (0), each [channels]; `groups` divides channels.
  GroupNorm(std::int64_t channels, std::int64_t groups, double epsilon = 1e-5);

  /// x [N, ..., channels] -> same shape.
  Variable forward(const Variable& x) override;

  const Tensor& gamma() const { return gamma_.value(); }
  const Tensor& beta() const { return beta_.value(); }
  std::int64_t groups() const { return groups_; }
  double epsilon() const { return epsilon_; }

 private:
  const std::int64_t groups_;
  const double epsilon_;
  Variable gamma_, beta_;
};

class InstanceNorm : public GroupNorm {
 public:
  explicit InstanceNorm(std::int64_t channels, double epsilon = 1e-5)
      : GroupNorm(channels, channels, epsilon) {}
};

class LayerNorm : public Layer {
 public:
  /// Parameters "gamma" (starts at 1) and "beta" (0), each [channels].
  explicit LayerNorm(std::int64_t channels, double epsilon = 1e-5);

  /// x [..., channels] -> same shape.
  Variable forward(const Variable& x) override;

 private:
  const double epsilon_;
  Variable gamma_, beta_;
};

}  // namespace tengen
