#include "engine/layers/recurrent_layer.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"

namespace tengen {

namespace {

void check_sequence(const Variable& x, std::int64_t inputs) {
  if (x.shape().rank() != 3 || x.shape()[2] != inputs)
    bad_argument("recurrent layer", "expected a sequence [T, N, {}], got {}", inputs,
                 to_string(x.shape()));
}

}  // namespace

SequenceOutput RecurrentLayer::forward(const Variable& x) {
  check_sequence(x, input_size());
  return forward(x, initial_state(x.shape()[1], x.dtype()));
}

Variable RecurrentLayer::initial_state(std::int64_t batch, DType dtype) const {
  return Variable(Tensor::zeros({batch, state_size()}, dtype));
}

Variable project_steps(const Variable& x, const Variable& weight, const Variable& bias) {
  check_sequence(x, weight.shape()[1]);
  const std::int64_t steps = x.shape()[0], batch = x.shape()[1], inputs = x.shape()[2];
  const Variable rows = reshape(x, {steps * batch, inputs});
  return reshape(add(matmul(rows, weight, false, true), bias), {steps, batch, weight.shape()[0]});
}

}  // namespace tengen
