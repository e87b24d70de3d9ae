#include "engine/layers/transformer.hpp"

#include "engine/autograd/ops_activation.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/layers/at_each_step.hpp"

namespace tengen {

FeedForward::FeedForward(std::int64_t width, std::int64_t hidden,
                         TransformerOptions::Activation activation, Rng& rng)
    : activation_(activation),
      inner_(width, hidden, rng, Linear::Init::he),
      outer_(hidden, width, rng, Linear::Init::xavier) {
  register_child("inner", inner_);
  register_child("outer", outer_);
}

Variable FeedForward::forward(const Variable& x) {
  const Variable sums = at_each_step(inner_, x);
  const bool is_relu = activation_ == TransformerOptions::Activation::relu;
  return at_each_step(outer_, is_relu ? relu(sums) : gelu(sums));
}

TransformerResidual::TransformerResidual(const TransformerOptions& options, Rng& rng)
    : pre_norm_(options.pre_norm), norm_(options.width), dropout_(options.dropout, Rng(rng())) {
  register_child("norm", norm_);
  register_child("dropout", dropout_);
}

Variable TransformerResidual::sum(const Variable& x, const Variable& y) {
  return add(x, dropout_.forward(y));
}

TransformerEncoderBlock::TransformerEncoderBlock(const TransformerOptions& options, Rng& rng)
    : attention_(options.width, options.heads, rng),
      attention_residual_(options, rng),
      feed_forward_(options.width, options.hidden, options.activation, rng),
      feed_forward_residual_(options, rng) {
  register_child("attention", attention_);
  register_child("attention_residual", attention_residual_);
  register_child("feed_forward", feed_forward_);
  register_child("feed_forward_residual", feed_forward_residual_);
}

Variable TransformerEncoderBlock::forward(const Variable& x, const Tensor& mask) {
  const Variable y = attention_residual_.forward(
      x, [&](const Variable& z) { return attention_.forward(z, z, mask); });
  return feed_forward_residual_.forward(
      y, [&](const Variable& z) { return feed_forward_.forward(z); });
}

TransformerDecoderBlock::TransformerDecoderBlock(const TransformerOptions& options, Rng& rng)
    : attention_(options.width, options.heads, rng),
      attention_residual_(options, rng),
      source_attention_(options.width, options.heads, rng),
      source_attention_residual_(options, rng),
      feed_forward_(options.width, options.hidden, options.activation, rng),
      feed_forward_residual_(options, rng) {
  register_child("attention", attention_);
  register_child("attention_residual", attention_residual_);
  register_child("source_attention", source_attention_);
  register_child("source_attention_residual", source_attention_residual_);
  register_child("feed_forward", feed_forward_);
  register_child("feed_forward_residual", feed_forward_residual_);
}

Variable TransformerDecoderBlock::attend_to_itself(const Variable& x, const Tensor& mask) {
  return attention_residual_.forward(
      x, [&](const Variable& z) { return attention_.forward(z, z, mask); });
}

Variable TransformerDecoderBlock::source_weights(const Variable& x, const Variable& source,
                                                 const Tensor& mask, const Tensor& source_mask) {
  Variable weights;
  source_attention_residual_.forward(attend_to_itself(x, mask), [&](const Variable& z) {
    weights = source_attention_.weights(z, source, source_mask);
    return z;
  });
  return weights;
}

Variable TransformerDecoderBlock::forward(const Variable& x, const Variable& source,
                                          const Tensor& mask, const Tensor& source_mask) {
  Variable y = attend_to_itself(x, mask);
  y = source_attention_residual_.forward(
      y, [&](const Variable& z) { return source_attention_.forward(z, source, source_mask); });
  return feed_forward_residual_.forward(
      y, [&](const Variable& z) { return feed_forward_.forward(z); });
}

}  // namespace tengen
