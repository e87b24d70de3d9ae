// One-dimensional convolution over time, plain or causal.
//
// A causal one pads on the left alone, so that the result at time t depends on the input up to t:
// stacked with dilations 1, 2, 4, ... this is the WaveNet stack (van den Oord et al. 2016), whose
// receptive field is 1 + sum of (kernel - 1) dilation.
#pragma once

#include "engine/base/random.hpp"
#include "engine/layers/module.hpp"

namespace tengen {

struct Conv1dOptions {
  std::int64_t in_channels = 1;
  std::int64_t out_channels = 1;
  int kernel = 3;
  int stride = 1;
  int padding = -1;  // on either side; -1: "same" for odd kernels, dilation (kernel - 1) / 2
  int dilation = 1;
  int groups = 1;       // divides both channel counts
  bool causal = false;  // pads dilation (kernel - 1) on the left instead; leave `padding` alone
  bool bias = true;
};

class Conv1d : public Layer {
 public:
  /// Parameters "weight" [out, kernel, in / groups], He-initialised, and "bias" [out] if asked for.
  Conv1d(const Conv1dOptions& options, Rng& rng);

  /// x [N, T, in] -> [N, To, out].
  Variable forward(const Variable& x) override;

 private:
  const Conv1dOptions options_;
  const int before_, after_;  // padding in time
  Variable weight_, bias_;
};

}  // namespace tengen
