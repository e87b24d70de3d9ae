#include "engine/layers/rnn.hpp"

#include "engine/autograd/ops_slice.hpp"
#include "engine/init/initializers.hpp"

namespace tengen {

Rnn::Rnn(std::int64_t inputs, std::int64_t units, Rng& rng, RnnActivation activation)
    : activation_(activation),
      weight_in_(xavier_uniform({units, inputs}, inputs, units, rng), true),
      weight_(xavier_uniform({units, units}, units, units, rng), true),
      bias_(Tensor::zeros({units}), true) {
  register_parameter("weight_in", weight_in_);
  register_parameter("weight", weight_);
  register_parameter("bias", bias_);
}

SequenceOutput Rnn::forward(const Variable& x, const Variable& state) {
  return run(project_steps(x, weight_in_, bias_), state);
}

SequenceOutput Rnn::forward_tokens(const Variable& table, const Tensor& tokens,
                                   const Variable& state) {
  return run(project_tokens(table, tokens, weight_in_, bias_), state);
}

SequenceOutput Rnn::run(const Variable& projected, const Variable& state) {
  const Variable y = rnn_sequence(projected, weight_, state, activation_);
  return {y, select(y, 0, y.shape()[0] - 1)};
}

}  // namespace tengen
