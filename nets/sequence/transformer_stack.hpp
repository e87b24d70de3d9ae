// Tokens in, vectors out: embedding, positions and transformer encoder blocks. The encoder of a
// translator or a classifier and, with a causal mask, the whole body of a language model.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/spec.hpp"
#include "engine/layers/embedding.hpp"
#include "engine/layers/transformer.hpp"

namespace tengen::nets {

struct TransformerStackOptions {
  int layers = 2;
  TransformerOptions block;
};

/// Options layers, width, heads, hidden (default: four times the width), activation=relu|gelu,
/// norm=pre|post and dropout.
TransformerStackOptions read_transformer(Spec& spec);
/// "transformer:layers=2,width=128,heads=4,hidden=512,activation=gelu,norm=pre,dropout=0"
std::string to_spec(const TransformerStackOptions& options);

/// Vectors of tokens that know their place: sqrt(D) embedding + sinusoid (Vaswani et al. 2017,
/// sections 3.4 and 3.5), with dropout.
class PositionedEmbedding : public Module {
 public:
  /// Child "embedding", from N(0, 1 / D), so that it can be an output layer's weight too.
  PositionedEmbedding(int symbols, const TransformerOptions& options, Rng& rng);

  /// tokens [N, T] -> [N, T, D].
  Variable forward(const Tensor& tokens);

  const Variable& weight() const { return embedding_.weight(); }

 private:
  Embedding embedding_;
  Dropout dropout_;
};

class TransformerStack : public Module {
 public:
  /// Children "tokens", "0", "1", ... and, with pre-norm, "norm".
  TransformerStack(int symbols, const TransformerStackOptions& options, Rng& rng);

  /// tokens [N, T] -> [N, T, D]; mask [T, T], [N, T, T] or undefined.
  Variable forward(const Tensor& tokens, const Tensor& mask);

  const Variable& embedding() const { return tokens_.weight(); }

 private:
  PositionedEmbedding tokens_;
  std::vector<std::unique_ptr<TransformerEncoderBlock>> blocks_;
  std::unique_ptr<LayerNorm> norm_;
};

}  // namespace tengen::nets
