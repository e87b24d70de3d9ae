// ReLU's relatives with a slope for negative inputs: fixed, learned or random.
#pragma once

#include "engine/base/random.hpp"
#include "engine/layers/module.hpp"

namespace tengen {

/// x where x > 0, else slope x (Maas, Hannun and Ng 2013).
class LeakyRelu : public Layer {
 public:
  explicit LeakyRelu(double slope = 0.01) : slope_(slope) {}
  Variable forward(const Variable& x) override;

 private:
  const double slope_;
};

/// A learned slope for each channel (He et al. 2015).
class ParametricRelu : public Layer {
 public:
  /// Parameter "slope" [channels].
  explicit ParametricRelu(std::int64_t channels, double initial_slope = 0.25);
  /// x [..., channels].
  Variable forward(const Variable& x) override;

 private:
  Variable slope_;
};

/// In training each negative element gets a slope of its own, uniform in [low, high); in evaluation
/// the mean, (low + high) / 2 (Xu et al. 2015).
class RandomizedRelu : public Layer {
 public:
  explicit RandomizedRelu(Rng rng, double low = 1.0 / 8, double high = 1.0 / 3);
  Variable forward(const Variable& x) override;

 protected:
  void on_reseed(const Rng& rng) override { rng_ = rng; }

 private:
  Rng rng_;
  const double low_, high_;
};

}  // namespace tengen
