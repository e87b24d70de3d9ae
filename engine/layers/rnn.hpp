// Simple recurrent layer (Elman 1990): h_t = f(W_in x_t + W h_{t-1} + b). State: h.
#pragma once

#include "engine/autograd/ops_recurrent.hpp"
#include "engine/layers/projected_recurrent.hpp"

namespace tengen {

class Rnn : public ProjectedRecurrent {
 public:
  /// Parameters "weight_in" [H, D] and "weight" [H, H], Xavier; "bias" [H], zero.
  Rnn(std::int64_t inputs, std::int64_t units, Rng& rng,
      RnnActivation activation = RnnActivation::tanh);

  std::int64_t state_size() const override { return output_size(); }

 private:
  SequenceOutput run(const Variable& projected, const Variable& state) override;

  RnnActivation activation_;
};

}  // namespace tengen
