// A transformer over a padded batch. Summary: the mean of the real steps.
#pragma once

#include "nets/sequence/sequence_encoder.hpp"
#include "nets/sequence/transformer_stack.hpp"

namespace tengen::nets {

class TransformerEncoder : public SequenceEncoder {
 public:
  /// Child "stack".
  TransformerEncoder(const TransformerStackOptions& options, int symbols, Rng& rng);

  Encoded forward(const TokenBatch& batch) override;
  std::int64_t width() const override { return stack_.embedding().shape()[1]; }

 private:
  TransformerStack stack_;
};

}  // namespace tengen::nets
