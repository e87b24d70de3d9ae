#include "nets/sequence/transformer_encoder_decoder.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/layers/at_each_step.hpp"
#include "nets/sequence/lengths.hpp"

namespace tengen::nets {

namespace {

/// The tokens [N, t] and one more for each [N] -> [N, t + 1].
Tensor appended(const Tensor& tokens, const Tensor& next) {
  const Tensor column = next.reshape({next.dim(0), 1});
  return concat({Variable(tokens), Variable(column)}, 1).value();
}

}  // namespace

TransformerStackOptions parse_transformer(Spec& spec) {
  const TransformerStackOptions options = read_transformer(spec);
  spec.finish();
  return options;
}

TransformerEncoderDecoder::TransformerEncoderDecoder(const TransformerStackOptions& options,
                                                     int symbols, Rng& rng)
    : options_(options),
      encoder_(options, symbols, rng),
      tokens_(symbols, options.block, rng),
      output_(tokens_.weight()) {
  register_child("encoder", encoder_);
  register_child("tokens", tokens_);
  for (int i = 0; i < options.layers; ++i) {
    blocks_.push_back(std::make_unique<TransformerDecoderBlock>(options.block, rng));
    register_child(std::to_string(i), *blocks_.back());
  }
  if (options.block.pre_norm) {
    norm_ = std::make_unique<LayerNorm>(options.block.width);
    register_child("norm", *norm_);
  }
  register_child("output", output_);
}

Variable TransformerEncoderDecoder::decode(const Variable& memory,
                                           const std::vector<std::int64_t>& lengths,
                                           const Tensor& target, Variable* weights) {
  const std::int64_t steps = target.dim(1);
  const Tensor causal = causal_mask(steps, steps, memory.dtype());
  const Tensor padding = padding_mask(lengths, steps, memory.shape()[1], memory.dtype());
  Variable x = tokens_.forward(target);
  for (const auto& block : blocks_) {
    if (weights) {
      const Variable own = scale(block->source_weights(x, memory, causal, padding),
                                 1 / static_cast<double>(blocks_.size()));
      *weights = weights->defined() ? add(*weights, own) : own;
    }
    x = block->forward(x, memory, causal, padding);
  }
  return norm_ ? norm_->forward(x) : x;
}

Variable TransformerEncoderDecoder::forward(const TokenBatch& source, const Tensor& target) {
  const Variable memory = encoder_.forward(source).steps;
  return at_each_step(output_, decode(memory, source.lengths, target));
}

Tensor TransformerEncoderDecoder::attention(const TokenBatch& source, const Tensor& target) {
  const NoGrad no_grad;
  Variable weights;
  decode(encoder_.forward(source).steps, source.lengths, target, &weights);
  return weights.value();
}

DecoderState TransformerEncoderDecoder::begin(const TokenBatch& source) {
  const NoGrad no_grad;
  return {encoder_.forward(source).steps.value(), lengths_tensor(source.lengths),
          Tensor({source.tokens.dim(0), 0}, DType::i32)};
}

Tensor TransformerEncoderDecoder::step(DecoderState& state, const Tensor& tokens) {
  const NoGrad no_grad;
  state[2] = appended(state[2], tokens);
  const Variable y = decode(Variable(state[0]), lengths_of(state[1]), state[2]);
  return output_.forward(select(y, 1, y.shape()[1] - 1)).value();
}

}  // namespace tengen::nets
