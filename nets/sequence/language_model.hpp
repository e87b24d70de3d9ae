// The interface of every language model: tokens so far -> logits of the token that comes next.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/layers/module.hpp"

namespace tengen::nets {

class LanguageModel : public Module {
 public:
  /// tokens (i32, in [0, V)) [N, T] -> logits [N, T, V] of the token after each, which depend on no
  /// later one. A model with a state goes on from where its last call ended, without a gradient
  /// into it; N must not change before reset().
  virtual Variable forward(const Tensor& tokens) = 0;
  virtual void reset() {}

  /// The most tokens that an answer can depend on; 0: no limit, as a state is kept from call to
  /// call.
  virtual std::int64_t context() const = 0;
  /// V.
  virtual int symbols() const = 0;
  virtual std::string spec() const = 0;
};

/// Draws `count` tokens that follow `prompt` (at least one token), each from softmax(logits /
/// temperature); temperature 0 takes the likeliest. The model should be in eval mode; its state is
/// reset before and after. Limit: a model without a state computes its whole context anew for each
/// token.
std::vector<std::int32_t> generate(LanguageModel& model, const std::vector<std::int32_t>& prompt,
                                   int count, double temperature, Rng& rng);

/// Makes a model with initialised weights for `symbols` tokens from a description:
///   "lstm:layers=1,units=128,tied=false,dropout=0"   also rnn, gru; more options: RecurrentOptions
///   "transformer:layers=2,width=128,heads=4,hidden=512,context=64"
///   "wavenet:channels=64,skip=128,layers=6,stacks=1"
/// Throws std::invalid_argument that lists the known architectures or names the wrong option.
std::unique_ptr<LanguageModel> make_language_model(const std::string& spec, int symbols, Rng& rng);
/// `spec` with every option written out.
std::string canonical_language_model(const std::string& spec);

}  // namespace tengen::nets
