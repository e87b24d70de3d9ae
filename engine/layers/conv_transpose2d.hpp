// Transposed convolution layer on channels-last images: enlarges by its stride (see
// autograd/ops_conv_transpose.hpp).
#pragma once

#include "engine/base/random.hpp"
#include "engine/kernels/backend.hpp"
#include "engine/layers/module.hpp"

namespace tengen {

struct ConvTranspose2dOptions {
  std::int64_t in_channels = 1;
  std::int64_t out_channels = 1;
  int kernel = 2;  // square
  int stride = 2;
  int padding = 0;         // taken off the result on every side
  int output_padding = 0;  // added below and right, less than the stride
  int dilation = 1;
  int groups = 1;  // divides both channel counts
  bool bias = true;
};

class ConvTranspose2d : public Layer {
 public:
  /// Parameters "weight" [in, k, k, out / groups], He-initialised, and "bias" [out] if asked for.
  ConvTranspose2d(const ConvTranspose2dOptions& options, Rng& rng);

  /// x [N, H, W, in] -> [N, Ho, Wo, out], Ho = conv_transpose_output_size(H, ...).
  Variable forward(const Variable& x) override;

 private:
  const kernels::Conv2dParams params_;
  const int output_padding_;
  Variable weight_, bias_;
};

}  // namespace tengen
