#include "nets/sequence/transformer_stack.hpp"

#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/base/error.hpp"

namespace tengen::nets {

TransformerStackOptions read_transformer(Spec& spec) {
  TransformerStackOptions options;
  TransformerOptions& block = options.block;
  options.layers = spec.get_int("layers", options.layers, 1, 100);
  block.width = spec.get_int("width", static_cast<int>(block.width), 2, 65536);
  block.heads = spec.get_int("heads", block.heads, 1, 1024);
  block.hidden = spec.get_int("hidden", static_cast<int>(4 * block.width), 1, 1 << 20);
  block.activation = spec.get_choice("activation", "gelu", "relu|gelu") == "relu"
                         ? TransformerOptions::Activation::relu
                         : TransformerOptions::Activation::gelu;
  block.pre_norm = spec.get_choice("norm", "pre", "pre|post") == "pre";
  block.dropout = spec.get_double("dropout", block.dropout, 0, 0.99);
  return options;
}

std::string to_spec(const TransformerStackOptions& options) {
  const TransformerOptions& block = options.block;
  const bool is_relu = block.activation == TransformerOptions::Activation::relu;
  return fmt::format(
      "transformer:layers={},width={},heads={},hidden={},activation={},norm={},"
      "dropout={:g}",
      options.layers, block.width, block.heads, block.hidden, is_relu ? "relu" : "gelu",
      block.pre_norm ? "pre" : "post", block.dropout);
}

PositionedEmbedding::PositionedEmbedding(int symbols, const TransformerOptions& options, Rng& rng)
    : embedding_(symbols, options.width, rng, 1 / std::sqrt(static_cast<double>(options.width))),
      dropout_(options.dropout, Rng(rng())) {
  register_child("embedding", embedding_);
  register_child("dropout", dropout_);
}

Variable PositionedEmbedding::forward(const Tensor& tokens) {
  const Variable x = embedding_.forward(tokens);
  const std::int64_t width = x.shape()[2];
  const Variable places(positional_encoding(x.shape()[1], width, x.dtype()));
  return dropout_.forward(add(scale(x, std::sqrt(static_cast<double>(width))), places));
}

TransformerStack::TransformerStack(int symbols, const TransformerStackOptions& options, Rng& rng)
    : tokens_(symbols, options.block, rng) {
  register_child("tokens", tokens_);
  for (int i = 0; i < options.layers; ++i) {
    blocks_.push_back(std::make_unique<TransformerEncoderBlock>(options.block, rng));
    register_child(std::to_string(i), *blocks_.back());
  }
  if (!options.block.pre_norm) return;
  norm_ = std::make_unique<LayerNorm>(options.block.width);
  register_child("norm", *norm_);
}

Variable TransformerStack::forward(const Tensor& tokens, const Tensor& mask) {
  Variable x = tokens_.forward(tokens);
  for (const auto& block : blocks_) x = block->forward(x, mask);
  return norm_ ? norm_->forward(x) : x;
}

}  // namespace tengen::nets
