// Gated recurrent unit layer; the equations are gru_sequence's, gates in the order r, z, n. State:
// h.
//
// PyTorch's update gate keeps the state where this one replaces it, z' = 1 - z: its weights become
// these with the rows of z negated, biases too, and GruReset::after; of its two biases those of r
// and z are summed, and the recurrent one of n is "bias_n".
#pragma once

#include "engine/autograd/ops_recurrent.hpp"
#include "engine/layers/projected_recurrent.hpp"

namespace tengen {

class Gru : public ProjectedRecurrent {
 public:
  /// Parameters "weight_in" [3H, D] and "weight" [3H, H], Xavier; "bias" [3H], zero, and with
  /// GruReset::after also "bias_n" [H], zero.
  Gru(std::int64_t inputs, std::int64_t units, Rng& rng, GruReset reset = GruReset::before);

  /// Update gates that replace the state within 2 to `longest` steps (chrono_bias()); from zero
  /// biases half of it is gone after one.
  void start_remembering(double longest, Rng& rng);

  std::int64_t state_size() const override { return output_size(); }

 private:
  SequenceOutput run(const Variable& projected, const Variable& state) override;

  GruReset reset_;
  Variable bias_n_;
};

}  // namespace tengen
