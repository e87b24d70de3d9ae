#include "engine/layers/step_recurrent.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/base/error.hpp"
#include "engine/init/initializers.hpp"

namespace tengen {

SequenceOutput StepRecurrent::forward(const Variable& x, const Variable& state) {
  std::vector<Variable> states;
  for (std::int64_t t = 0; t < x.shape()[0]; ++t)
    states.push_back(step(select(x, 0, t), states.empty() ? state : states.back()));
  return {stack(states), states.back()};
}

LeakyUnits::LeakyUnits(std::int64_t units, double a) : units_(units), a_(a) {
  if (!(a >= 0 && a <= 1)) bad_argument("LeakyUnits", "expected a in [0, 1], got {}", a);
}

Variable LeakyUnits::step(const Variable& x, const Variable& state) {
  return add(scale(state, a_), scale(x, 1 - a_));
}

DeepTransitionRnn::DeepTransitionRnn(std::int64_t inputs, std::int64_t units,
                                     std::unique_ptr<Layer> transition, Rng& rng, bool skip)
    : transition_(std::move(transition)),
      weight_in_(xavier_uniform({units, inputs}, inputs, units, rng), true),
      bias_(Tensor::zeros({units}), true),
      skip_(skip) {
  register_parameter("weight_in", weight_in_);
  register_parameter("bias", bias_);
  register_child("transition", *transition_);
}

Variable DeepTransitionRnn::step(const Variable& x, const Variable& state) {
  const Variable input = add(matmul(x, weight_in_, false, true), bias_);
  const Variable next = tanh(add(transition_->forward(state), input));
  return skip_ ? add(next, state) : next;
}

}  // namespace tengen
