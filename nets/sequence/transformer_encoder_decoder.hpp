// The transformer (Vaswani et al. 2017): encoder and decoder blocks; the decoder's embedding is the
// output layer's weight too (section 3.4).
// Limit: decoding computes the whole target anew for each token, which for targets of some dozens
// of tokens costs less than it would save.
#pragma once

#include "engine/layers/linear.hpp"
#include "nets/sequence/encoder_decoder.hpp"
#include "nets/sequence/transformer_encoder.hpp"

namespace tengen::nets {

/// Options of read_transformer(); `layers` are those of the encoder and those of the decoder.
TransformerStackOptions parse_transformer(Spec& spec);

class TransformerEncoderDecoder : public EncoderDecoder {
 public:
  /// Children "encoder", "tokens", "0", "1", ..., with pre-norm "norm", and "output".
  TransformerEncoderDecoder(const TransformerStackOptions& options, int symbols, Rng& rng);

  Variable forward(const TokenBatch& source, const Tensor& target) override;
  /// The mean over the decoder's blocks and heads.
  Tensor attention(const TokenBatch& source, const Tensor& target) override;
  DecoderState begin(const TokenBatch& source) override;
  Tensor step(DecoderState& state, const Tensor& tokens) override;
  int symbols() const override { return static_cast<int>(tokens_.weight().shape()[0]); }
  std::string spec() const override { return to_spec(options_); }

 private:
  /// The decoder's vectors [N, T, D], given the encoder's [N, S, D]. `weights`, if not null,
  /// becomes what attention() gives.
  Variable decode(const Variable& memory, const std::vector<std::int64_t>& lengths,
                  const Tensor& target, Variable* weights = nullptr);

  const TransformerStackOptions options_;
  TransformerEncoder encoder_;
  PositionedEmbedding tokens_;
  std::vector<std::unique_ptr<TransformerDecoderBlock>> blocks_;
  std::unique_ptr<LayerNorm> norm_;
  Linear output_;
};

}  // namespace tengen::nets
