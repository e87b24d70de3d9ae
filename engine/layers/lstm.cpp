#include "engine/layers/lstm.hpp"

#include "engine/autograd/ops_recurrent.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/init/chrono.hpp"

namespace tengen {

Lstm::Lstm(std::int64_t inputs, std::int64_t units, Rng& rng, const LstmConfig& config)
    : ProjectedRecurrent(4, inputs, units, rng) {
  bias_.value().rows(units, 2 * units).fill(config.forget_bias);
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

SequenceOutput Lstm::run(const Variable& projected, const Variable& state) {
  const Variable states = lstm_sequence(projected, weight_, peephole_, state);
  return {slice(states, 2, 0, output_size()), select(states, 0, states.shape()[0] - 1)};
}

}  // namespace tengen
