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

  /// The same of x = embedding(table, tokens), with table [V, D] and tokens (i32, in [0, V))
  /// [T, N]. Layers whose input acts through a matrix multiply each symbol by it but once.
  virtual SequenceOutput forward_tokens(const Variable& table, const Tensor& tokens,
                                        const Variable& state);
  SequenceOutput forward_tokens(const Variable& table, const Tensor& tokens);

  /// Zeros, [batch, S].
  Variable initial_state(std::int64_t batch, DType dtype = DType::f32) const;
};

/// rows [T, N, D] times weight [G, D] transposed, plus bias [G]: what the input contributes to the
/// gates of every step, in one matrix product -> [T, N, G].
Variable project_steps(const Variable& x, const Variable& weight, const Variable& bias);
/// The same of embedding(table, tokens): with fewer symbols than tokens the product is with the
/// table, whose rows are then chosen.
Variable project_tokens(const Variable& table, const Tensor& tokens, const Variable& weight,
                        const Variable& bias);

}  // namespace tengen
