// The causal dilated stack of WaveNet (van den Oord et al. 2016): convolutions that see ever
// further back, with gates, whose sum over all layers is the output.
//
//   z = tanh(W_f * x) s(W_g * x)     (equation 2; * a causal convolution dilated 1, 2, 4, ...)
//   x <- x + W_r z                   the residual path, to the next layer
//   y = W_2 relu(W_1 relu(sum of W_s z over the layers))
//
// The output at time t depends on the inputs from t - receptive_field() + 1 to t and on no other.
#pragma once

#include <memory>
#include <vector>

#include "engine/layers/conv1d.hpp"
#include "engine/layers/linear.hpp"

namespace tengen {

struct WavenetOptions {
  std::int64_t in_channels = 1;
  std::int64_t out_channels = 1;
  std::int64_t channels = 32;  // of the residual path
  std::int64_t skip_channels = 64;
  int kernel = 2;
  int layers = 6;  // of a stack: dilations 1, 2, 4, ..., 2^(layers - 1)
  int stacks = 1;
};

/// One layer of the stack.
class WavenetLayer : public Module {
 public:
  /// Children "filter_and_gate" (causal Conv1d channels -> 2 channels), "skip" (Linear) and, but
  /// for the `last` layer, whose x nothing follows, "residual" (Linear).
  WavenetLayer(const WavenetOptions& options, int dilation, bool last, Rng& rng);

  struct Output {
    Variable x;     // [N, T, channels]; undefined from the last
    Variable skip;  // [N, T, skip_channels]
  };
  Output forward(const Variable& x);

 private:
  Conv1d filter_and_gate_;
  Linear skip_;
  std::unique_ptr<Linear> residual_;
};

class Wavenet : public Layer {
 public:
  /// Children "input" (causal Conv1d in -> channels), "0", "1", ... (WavenetLayer), "hidden" and
  /// "output" (Linear).
  Wavenet(const WavenetOptions& options, Rng& rng);

  /// x [N, T, in] -> [N, T, out].
  Variable forward(const Variable& x) override;

  /// Inputs that one output depends on: 1 + sum of (kernel - 1) dilation, the first convolution's
  /// included.
  std::int64_t receptive_field() const { return receptive_field_; }

 private:
  std::int64_t receptive_field_;
  Conv1d input_;
  std::vector<std::unique_ptr<WavenetLayer>> layers_;
  Linear hidden_, output_;
};

}  // namespace tengen
