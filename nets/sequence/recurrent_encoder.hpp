// Recurrent layers over a padded batch, in one direction or both (Schuster and Paliwal 1997; as an
// encoder: Bahdanau et al. 2015). The backward layers read each sequence from its own last token.
// Summary: the outputs at the last step of each direction.
#pragma once

#include "engine/layers/embedding.hpp"
#include "nets/recurrent_net.hpp"
#include "nets/sequence/sequence_encoder.hpp"

namespace tengen::nets {

struct RecurrentEncoderOptions {
  RecurrentOptions recurrent = {.cell = "lstm", .units = 128};  // the embedding is as wide
  bool bidirectional = true;
};

/// Options of read_recurrent() and bidirectional.
RecurrentEncoderOptions read_recurrent_encoder(Spec& spec);
/// "lstm:layers=1,units=128,bidirectional=true"
std::string to_spec(const RecurrentEncoderOptions& options);

class RecurrentEncoder : public SequenceEncoder {
 public:
  /// Children "embedding", "forward" and, if bidirectional, "backward".
  RecurrentEncoder(const RecurrentEncoderOptions& options, int symbols, Rng& rng);

  Encoded forward(const TokenBatch& batch) override;
  std::int64_t width() const override;

 private:
  Embedding embedding_;
  std::unique_ptr<RecurrentLayer> forward_, backward_;
};

}  // namespace tengen::nets
