#include "engine/layers/recurrent_layer.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_embedding.hpp"
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

void check_tokens(const Variable& table, const Tensor& tokens, std::int64_t inputs) {
  if (table.shape().rank() != 2 || table.shape()[1] != inputs || tokens.shape().rank() != 2)
    bad_argument("recurrent layer", "expected a table [V, {}] and tokens [T, N], got {} and {}",
                 inputs, to_string(table.shape()), to_string(tokens.shape()));
}

/// rows [M, D] -> [M, G].
Variable project_rows(const Variable& rows, const Variable& weight, const Variable& bias) {
  return add(matmul(rows, weight, false, true), bias);
}

}  // namespace

SequenceOutput RecurrentLayer::forward(const Variable& x) {
  check_sequence(x, input_size());
  return forward(x, initial_state(x.shape()[1], x.dtype()));
}

SequenceOutput RecurrentLayer::forward_tokens(const Variable& table, const Tensor& tokens,
                                              const Variable& state) {
  return forward(embedding(table, tokens), state);
}

SequenceOutput RecurrentLayer::forward_tokens(const Variable& table, const Tensor& tokens) {
  check_tokens(table, tokens, input_size());
  return forward_tokens(table, tokens, initial_state(tokens.dim(1), table.dtype()));
}

Variable RecurrentLayer::initial_state(std::int64_t batch, DType dtype) const {
  return Variable(Tensor::zeros({batch, state_size()}, dtype));
}

Variable project_steps(const Variable& x, const Variable& weight, const Variable& bias) {
  check_sequence(x, weight.shape()[1]);
  const std::int64_t steps = x.shape()[0], batch = x.shape()[1], inputs = x.shape()[2];
  const Variable rows = reshape(x, {steps * batch, inputs});
  return reshape(project_rows(rows, weight, bias), {steps, batch, weight.shape()[0]});
}

Variable project_tokens(const Variable& table, const Tensor& tokens, const Variable& weight,
                        const Variable& bias) {
  check_tokens(table, tokens, weight.shape()[1]);
  return table.shape()[0] < tokens.size() ? embedding(project_rows(table, weight, bias), tokens)
                                          : project_steps(embedding(table, tokens), weight, bias);
}

}  // namespace tengen
