#include "engine/layers/rnn.hpp"

#include "engine/autograd/ops_slice.hpp"

namespace tengen {

Rnn::Rnn(std::int64_t inputs, std::int64_t units, Rng& rng, RnnActivation activation)
    : ProjectedRecurrent(1, inputs, units, rng), activation_(activation) {}

SequenceOutput Rnn::run(const Variable& projected, const Variable& state) {
  const Variable y = rnn_sequence(projected, weight_, state, activation_);
  return {y, select(y, 0, y.shape()[0] - 1)};
}

}  // namespace tengen
