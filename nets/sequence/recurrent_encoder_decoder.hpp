// A recurrent encoder-decoder. The decoder's first state is tanh(W s + b) of the encoder's summary
// s (Bahdanau et al. 2015, appendix A.2.2); without attention, that is all that it learns of the
// source. With attention (global attention without input feeding, Luong et al. 2015, section 3.1),
// for its output h_t at each step,
//   c_t = attention of h_t over the encoder's steps, projected to the decoder's width
//   logits = W_s tanh(W_c [c_t; h_t])                     (equation 5)
// so that teacher forcing runs each recurrent layer over the whole target at once.
#pragma once

#include "engine/layers/attention.hpp"
#include "engine/layers/linear.hpp"
#include "nets/sequence/encoder_decoder.hpp"
#include "nets/sequence/recurrent_encoder.hpp"

namespace tengen::nets {

struct RecurrentEncoderDecoderOptions {
  enum class Attention { none, dot, additive };
  RecurrentEncoderOptions encoder;  // the decoder has the same layers, in one direction
  Attention attention = Attention::dot;
};

RecurrentEncoderDecoderOptions parse_recurrent_encoder_decoder(Spec& spec);
/// "lstm:layers=1,units=128,bidirectional=true,attention=dot"
std::string to_spec(const RecurrentEncoderDecoderOptions& options);

class RecurrentEncoderDecoder : public EncoderDecoder {
 public:
  /// Children "encoder", "bridge", "embedding", "decoder", "output"; with attention "memory",
  /// "combine" and, if it is additive, "attention".
  RecurrentEncoderDecoder(const RecurrentEncoderDecoderOptions& options, int symbols, Rng& rng);

  Variable forward(const TokenBatch& source, const Tensor& target) override;
  Tensor attention(const TokenBatch& source, const Tensor& target) override;
  DecoderState begin(const TokenBatch& source) override;
  Tensor step(DecoderState& state, const Tensor& tokens) override;
  int symbols() const override { return static_cast<int>(embedding_.weight().shape()[0]); }
  std::string spec() const override { return to_spec(options_); }

 private:
  /// What the decoder has of the source.
  struct Source {
    Variable state;   // [N, S]: where the decoder starts, or goes on
    Variable memory;  // [N, S, H]; undefined without attention
    std::vector<std::int64_t> lengths;
  };
  Source encode(const TokenBatch& source);
  /// Logits [N, T, V] after each token of `target`; moves the state on.
  Variable decode(Source& source, const Tensor& target);
  /// The decoder's layers alone: [N, T, H]; moves the state on.
  Variable run_decoder(Source& source, const Tensor& target);
  /// Where each step [N, T, H] looks, and what it finds there.
  Attended look(const Source& source, const Variable& queries);

  const RecurrentEncoderDecoderOptions options_;
  RecurrentEncoder encoder_;
  Embedding embedding_;
  std::unique_ptr<RecurrentLayer> decoder_;
  Linear bridge_, output_;
  std::unique_ptr<Linear> memory_, combine_;
  std::unique_ptr<AdditiveAttention> additive_;
};

}  // namespace tengen::nets
