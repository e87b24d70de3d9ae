#include "engine/layers/projected_recurrent.hpp"

#include "engine/init/initializers.hpp"

namespace tengen {

ProjectedRecurrent::ProjectedRecurrent(std::int64_t gates, std::int64_t inputs, std::int64_t units,
                                       Rng& rng)
    : weight_in_(xavier_uniform({gates * units, inputs}, inputs, units, rng), true),
      weight_(xavier_uniform({gates * units, units}, units, units, rng), true),
      bias_(Tensor::zeros({gates * units}), true) {
  register_parameter("weight_in", weight_in_);
  register_parameter("weight", weight_);
  register_parameter("bias", bias_);
}

SequenceOutput ProjectedRecurrent::forward(const Variable& x, const Variable& state) {
  return run(project_steps(x, weight_in_, bias_), state);
}

SequenceOutput ProjectedRecurrent::forward_tokens(const Variable& table, const Tensor& tokens,
                                                  const Variable& state) {
  return run(project_tokens(table, tokens, weight_in_, bias_), state);
}

}  // namespace tengen
