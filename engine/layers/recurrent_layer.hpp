// What every layer over sequences is: [T, N, D] -> [T, N, H], step by step, with a state that is
// carried from step to step.
//
// The state is one matrix [N, S], one row per sequence; what its columns mean is the layer's own
// affair (an LSTM keeps h and c side by side). So layers of any kind can be stacked, run in both
// directions or kept between calls by the same code. Feeding a sequence in pieces, the state of one
// piece into the next, gives the same result as feeding it whole.
#pragma once

#include "engine/layers/module.hpp"

namespace tengen {

struct SequenceOutput {
  Variable y;      // [T, N, H], the output of each step
  Variable state;  // [N, S], after the last step
};

class RecurrentLayer : public Module {
 public:
  virtual std::int64_t input_size() const = 0;   // D
  virtual std::int64_t output_size() const = 0;  // H
  virtual std::int64_t state_size() const = 0;   // S

  /// x [T, N, D], T >= 1; state [N, S].
  virtual SequenceOutput forward(const Variable& x, const Variable& state) = 0;
  /// From the zero state.
  SequenceOutput forward(const Variable& x);

  /// Zeros, [batch, S].
  Variable initial_state(std::int64_t batch, DType dtype = DType::f32) const;
};

/// rows [T, N, D] times weight [G, D] transposed, plus bias [G]: what the input contributes to the
/// gates of every step, in one matrix product -> [T, N, G].
Variable project_steps(const Variable& x, const Variable& weight, const Variable& bias);

}  // namespace tengen
