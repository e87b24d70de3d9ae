// What kind of sequence is this: an encoder and a linear layer on its summary.
#pragma once

#include "engine/layers/linear.hpp"
#include "nets/sequence/sequence_encoder.hpp"

namespace tengen::nets {

class SequenceClassifier : public Module {
 public:
  /// Children "encoder" and "output"; `spec` is the canonical description that it is made from.
  SequenceClassifier(std::unique_ptr<SequenceEncoder> encoder, std::string spec, int classes,
                     Rng& rng);

  /// Logits [N, classes].
  Variable forward(const TokenBatch& batch) {
    return output_.forward(encoder_->forward(batch).summary);
  }
  const std::string& spec() const { return spec_; }

 private:
  std::unique_ptr<SequenceEncoder> encoder_;
  const std::string spec_;
  Linear output_;
};

/// Makes a classifier of sequences of `symbols` tokens from a description:
///   "lstm:layers=1,units=128,bidirectional=true"   also rnn, gru
///   "transformer:layers=2,width=128,heads=4,hidden=512"
/// Throws std::invalid_argument that lists the known architectures or names the wrong option.
std::unique_ptr<SequenceClassifier> make_sequence_classifier(const std::string& spec, int symbols,
                                                             int classes, Rng& rng);
/// `spec` with every option written out.
std::string canonical_sequence_classifier(const std::string& spec);

}  // namespace tengen::nets
