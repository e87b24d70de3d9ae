// The interface of every net that turns one sequence into another (Sutskever et al. 2014; Cho et
// al. 2014): an encoder reads the source, a decoder writes the target token by token.
//
// Targets begin with a boundary token and end with it; which one that is, is the caller's affair.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/data/token_batch.hpp"
#include "engine/layers/module.hpp"

namespace tengen::nets {

/// Where the decoding of N sequences stands: tensors whose first axis is N, of a meaning known to
/// the net alone.
using DecoderState = std::vector<Tensor>;

/// These rows of every tensor, repeats allowed: how beams grow and die.
DecoderState select_rows(const DecoderState& state, const std::vector<std::int64_t>& rows);

class EncoderDecoder : public Module {
 public:
  /// Teacher forcing: logits [N, T, V] of the token after each of `target` (i32 [N, T]), which
  /// depend on no later one. Padding behind a source changes nothing.
  virtual Variable forward(const TokenBatch& source, const Tensor& target) = 0;

  /// Where forward() looks in the sources before each answer: [N, T, S], rows that sum to 1, 0 on
  /// padding. Undefined without attention. Without gradients.
  virtual Tensor attention(const TokenBatch& source, const Tensor& target) = 0;

  /// Reads the sources; nothing is written yet.
  virtual DecoderState begin(const TokenBatch& source) = 0;
  /// Takes the token that each target goes on with (i32 [N]) and gives the logits [N, V] of the
  /// next: forward(), one step at a time. Without gradients.
  virtual Tensor step(DecoderState& state, const Tensor& tokens) = 0;

  /// V, of the target.
  virtual int symbols() const = 0;
  virtual std::string spec() const = 0;
};

/// Makes a net with initialised weights for `symbols` tokens of source and target from a
/// description:
///   "lstm:layers=1,units=128,bidirectional=true,attention=dot"   also rnn, gru; attention:
///                                                                dot|additive|none
///   "transformer:layers=2,width=128,heads=4,hidden=512"
/// Throws std::invalid_argument that lists the known architectures or names the wrong option.
std::unique_ptr<EncoderDecoder> make_encoder_decoder(const std::string& spec, int symbols,
                                                     Rng& rng);
/// `spec` with every option written out.
std::string canonical_encoder_decoder(const std::string& spec);

}  // namespace tengen::nets
