// A recurrent layer that keeps its state from call to call, for truncated backpropagation through
// time (Williams and Peng 1990): the state goes on, the gradient stops at the boundary of each
// call.
#pragma once

#include <memory>

#include "engine/layers/recurrent_layer.hpp"

namespace tengen {

class Stateful : public Module {
 public:
  /// Child "layer".
  explicit Stateful(std::unique_ptr<RecurrentLayer> layer);

  /// x [T, N, D] -> [T, N, H]. Starts from the state that the last call left, or from zeros; N must
  /// not change before reset_state().
  Variable forward(const Variable& x);
  /// The same of x = embedding(table, tokens), tokens [T, N].
  Variable forward_tokens(const Variable& table, const Tensor& tokens);

  void reset_state() { state_ = Tensor(); }
  /// [N, S]; undefined if there is none.
  const Tensor& state() const { return state_; }
  void set_state(Tensor state) { state_ = std::move(state); }

 private:
  Variable keep(const SequenceOutput& output);

  std::unique_ptr<RecurrentLayer> layer_;
  Tensor state_;
};

}  // namespace tengen
