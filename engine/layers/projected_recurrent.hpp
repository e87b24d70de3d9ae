// What RNN, GRU and LSTM share: the input acts through one matrix, for all steps of a sequence at
// once, before the recurrence runs over what that gave.
#pragma once

#include "engine/base/random.hpp"
#include "engine/layers/recurrent_layer.hpp"

namespace tengen {

class ProjectedRecurrent : public RecurrentLayer {
 public:
  std::int64_t input_size() const override { return weight_in_.shape()[1]; }
  std::int64_t output_size() const override { return weight_.shape()[1]; }
  using RecurrentLayer::forward;
  SequenceOutput forward(const Variable& x, const Variable& state) final;
  using RecurrentLayer::forward_tokens;
  SequenceOutput forward_tokens(const Variable& table, const Tensor& tokens,
                                const Variable& state) final;

 protected:
  /// Parameters "weight_in" [gates H, D] and "weight" [gates H, H], Xavier; "bias" [gates H], zero.
  ProjectedRecurrent(std::int64_t gates, std::int64_t inputs, std::int64_t units, Rng& rng);

  Variable weight_in_, weight_, bias_;

 private:
  /// projected [T, N, gates H]: what the input and the bias contribute.
  virtual SequenceOutput run(const Variable& projected, const Variable& state) = 0;
};

}  // namespace tengen
