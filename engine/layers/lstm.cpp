#include "engine/layers/lstm.hpp"

#include "engine/autograd/ops_recurrent.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/init/chrono.hpp"
#include "engine/init/initializers.hpp"

namespace tengen {

Lstm::Lstm(std::int64_t inputs, std::int64_t units, Rng& rng, const LstmConfig& config)
    : weight_in_(xavier_uniform({4 * units, inputs}, inputs, units, rng), true),
      weight_(xavier_uniform({4 * units, units}, units, units, rng), true),
      bias_(Tensor::zeros({4 * units}), true) {
  bias_.value().rows(units, 2 * units).fill(config.forget_bias);
  register_parameter("weight_in", weight_in_);
  register_parameter("weight", weight_);
  register_parameter("bias", bias_);
  if (!config.peephole) return;
  peephole_ = Variable(Tensor::zeros({3, units}), true);
  register_parameter("peephole", peephole_);
}

void Lstm::start_remembering(double longest, Rng& rng) {
  const std::int64_t units = output_size();
  Tensor keep = chrono_bias({units}, longest, rng);
  bias_.value().rows(units, 2 * units).copy_from(keep);
  for (float& x : keep.values<float>()) x = -x;
  bias_.value().rows(0, units).copy_from(keep);
}

SequenceOutput Lstm::forward(const Variable& x, const Variable& state) {
  return run(project_steps(x, weight_in_, bias_), state);
}

SequenceOutput Lstm::forward_tokens(const Variable& table, const Tensor& tokens,
                                    const Variable& state) {
  return run(project_tokens(table, tokens, weight_in_, bias_), state);
}

SequenceOutput Lstm::run(const Variable& projected, const Variable& state) {
  const Variable states = lstm_sequence(projected, weight_, peephole_, state);
  return {slice(states, 2, 0, output_size()), select(states, 0, states.shape()[0] - 1)};
}

}  // namespace tengen
