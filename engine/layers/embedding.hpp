// Embedding: a learned vector for each of a vocabulary's indices.
#pragma once

#include "engine/base/random.hpp"
#include "engine/layers/module.hpp"

namespace tengen {

/// Not a Layer: indices are numbers of a kind that has no gradient.
class Embedding : public Module {
 public:
  /// Parameter "weight" [vocabulary, width], drawn from N(0, deviation^2).
  Embedding(std::int64_t vocabulary, std::int64_t width, Rng& rng, double deviation = 1.0);

  /// indices (i32, in [0, vocabulary)) [...] -> [..., width].
  Variable forward(const Tensor& indices) const;

  /// To share: a Linear(embedding.weight()) maps back to logits over the vocabulary.
  const Variable& weight() const { return weight_; }

 private:
  Variable weight_;
};

}  // namespace tengen
