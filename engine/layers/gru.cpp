#include "engine/layers/gru.hpp"

#include "engine/autograd/ops_slice.hpp"
#include "engine/init/chrono.hpp"
#include "engine/init/initializers.hpp"

namespace tengen {

Gru::Gru(std::int64_t inputs, std::int64_t units, Rng& rng, GruReset reset)
    : reset_(reset),
      weight_in_(xavier_uniform({3 * units, inputs}, inputs, units, rng), true),
      weight_(xavier_uniform({3 * units, units}, units, units, rng), true),
      bias_(Tensor::zeros({3 * units}), true) {
  register_parameter("weight_in", weight_in_);
  register_parameter("weight", weight_);
  register_parameter("bias", bias_);
  if (reset == GruReset::before) return;
  bias_n_ = Variable(Tensor::zeros({units}), true);
  register_parameter("bias_n", bias_n_);
}

void Gru::start_remembering(double longest, Rng& rng) {
  const std::int64_t units = output_size();
  Tensor replace = chrono_bias({units}, longest, rng);
  for (float& x : replace.values<float>()) x = -x;
  bias_.value().rows(units, 2 * units).copy_from(replace);
}

SequenceOutput Gru::forward(const Variable& x, const Variable& state) {
  return run(project_steps(x, weight_in_, bias_), state);
}

SequenceOutput Gru::forward_tokens(const Variable& table, const Tensor& tokens,
                                   const Variable& state) {
  return run(project_tokens(table, tokens, weight_in_, bias_), state);
}

SequenceOutput Gru::run(const Variable& projected, const Variable& state) {
  const Variable y = gru_sequence(projected, weight_, bias_n_, state, reset_);
  return {y, select(y, 0, y.shape()[0] - 1)};
}

}  // namespace tengen
