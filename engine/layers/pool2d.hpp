// Pooling as layers: the largest or the mean of each window, or of the whole image. No parameters;
// channels are kept apart.
#pragma once

#include "engine/kernels/backend.hpp"
#include "engine/layers/module.hpp"

namespace tengen {

/// Max or average pooling by square windows: [N, H, W, C] -> [N, Ho, Wo, C].
class Pool2d : public Layer {
 public:
  explicit Pool2d(const kernels::Pool2dParams& params) : params_(params) {}
  Variable forward(const Variable& x) override;

 private:
  const kernels::Pool2dParams params_;
};

/// [N, ..., C] -> [N, C], for images of any size.
class GlobalPool : public Layer {
 public:
  explicit GlobalPool(kernels::Pool2dParams::Kind kind) : kind_(kind) {}
  Variable forward(const Variable& x) override;

 private:
  const kernels::Pool2dParams::Kind kind_;
};

}  // namespace tengen
