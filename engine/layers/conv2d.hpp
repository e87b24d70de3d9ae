// Two-dimensional convolution layer on channels-last images.
#pragma once

#include "engine/base/random.hpp"
#include "engine/kernels/backend.hpp"
#include "engine/layers/module.hpp"

namespace tengen {

struct Conv2dOptions {
  std::int64_t in_channels = 1;
  std::int64_t out_channels = 1;
  int kernel = 3;  // square
  int stride = 1;
  int padding = -1;  // -1: "same" for odd kernels, dilation (kernel - 1) / 2
  int dilation = 1;
  int groups = 1;     // divides both channel counts
  bool bias = false;  // a batch norm that follows makes it redundant
};

class Conv2d : public Layer {
 public:
  /// Parameters "weight" [out, k, k, in / groups], He-initialised, and "bias" [out] if asked for.
  Conv2d(const Conv2dOptions& options, Rng& rng);

  /// x [N, H, W, in] -> [N, Ho, Wo, out].
  Variable forward(const Variable& x) override;
  /// max_pool(relu(forward(x))) for a max pooling, with passes over the pooled images alone: adding
  /// a bias and the ReLU never fall, so the largest of a window comes of the largest before them.
  Variable forward_relu_pool(const Variable& x, const kernels::Pool2dParams& pool);

  const kernels::Conv2dParams& params() const { return params_; }
  const Tensor& weight() const { return weight_.value(); }
  /// Undefined without a bias.
  Tensor bias() const { return bias_.defined() ? bias_.value() : Tensor(); }

 private:
  kernels::Conv2dParams params_;
  Variable weight_, bias_;
};

}  // namespace tengen
