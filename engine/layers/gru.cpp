#include "engine/layers/gru.hpp"

#include "engine/autograd/ops_slice.hpp"
#include "engine/init/chrono.hpp"

namespace tengen {

Gru::Gru(std::int64_t inputs, std::int64_t units, Rng& rng, GruReset reset)
    : ProjectedRecurrent(3, inputs, units, rng), reset_(reset) {
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

SequenceOutput Gru::run(const Variable& projected, const Variable& state) {
  const Variable y = gru_sequence(projected, weight_, bias_n_, state, reset_);
  return {y, select(y, 0, y.shape()[0] - 1)};
}

}  // namespace tengen
