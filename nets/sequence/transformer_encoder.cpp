#include "nets/sequence/transformer_encoder.hpp"

#include "engine/autograd/dispatch_float.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/autograd/ops_shape.hpp"

namespace tengen::nets {

namespace {

/// [N, 1, T]: 1 / length at the real steps, else 0.
Tensor mean_weights(const std::vector<std::int64_t>& lengths, std::int64_t steps, DType dtype) {
  Tensor weights = Tensor::zeros({static_cast<std::int64_t>(lengths.size()), 1, steps}, dtype);
  dispatch_float("mean_weights", dtype, [&]<typename T>(T) {
    T* row = weights.values<T>().data();
    for (const std::int64_t length : lengths) {
      std::fill_n(row, length, T(1) / T(length));
      row += steps;
    }
  });
  return weights;
}

}  // namespace

TransformerEncoder::TransformerEncoder(const TransformerStackOptions& options, int symbols,
                                       Rng& rng)
    : stack_(symbols, options, rng) {
  register_child("stack", stack_);
}

Encoded TransformerEncoder::forward(const TokenBatch& batch) {
  const std::int64_t count = batch.tokens.dim(0), steps = batch.tokens.dim(1);
  const DType dtype = stack_.embedding().dtype();
  const Variable y = stack_.forward(batch.tokens, padding_mask(batch.lengths, steps, steps, dtype));
  const Variable mean = matmul(Variable(mean_weights(batch.lengths, steps, dtype)), y);
  return {y, reshape(mean, {count, width()})};
}

}  // namespace tengen::nets
