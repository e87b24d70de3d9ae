// Simple recurrent layer (Elman 1990): h_t = f(W_in x_t + W h_{t-1} + b). State: h.
#pragma once

#include "engine/autograd/ops_recurrent.hpp"
#include "engine/base/random.hpp"
#include "engine/layers/recurrent_layer.hpp"

namespace tengen {

class Rnn : public RecurrentLayer {
 public:
  /// Parameters "weight_in" [H, D] and "weight" [H, H], Xavier; "bias" [H], zero.
  Rnn(std::int64_t inputs, std::int64_t units, Rng& rng,
      RnnActivation activation = RnnActivation::tanh);

  std::int64_t input_size() const override { return weight_in_.shape()[1]; }
  std::int64_t output_size() const override { return weight_.shape()[0]; }
  std::int64_t state_size() const override { return output_size(); }
  using RecurrentLayer::forward;
  SequenceOutput forward(const Variable& x, const Variable& state) override;
  using RecurrentLayer::forward_tokens;
  SequenceOutput forward_tokens(const Variable& table, const Tensor& tokens,
                                const Variable& state) override;

 private:
  /// projected [T, N, G]: what the input contributes.
  SequenceOutput run(const Variable& projected, const Variable& state);

  RnnActivation activation_;
  Variable weight_in_, weight_, bias_;
};

}  // namespace tengen
