// A language model of causal dilated convolutions: embedding, then the WaveNet stack (van den Oord
// et al. 2016). No state; an answer depends on the stack's receptive field.
#pragma once

#include "engine/base/spec.hpp"
#include "engine/layers/embedding.hpp"
#include "engine/layers/wavenet.hpp"
#include "nets/sequence/language_model.hpp"

namespace tengen::nets {

/// Options channels, skip, kernel, layers and stacks; the channels of input and output follow.
WavenetOptions parse_wavenet(Spec& spec);
/// "wavenet:channels=64,skip=128,kernel=2,layers=5,stacks=1"
std::string to_spec(const WavenetOptions& options);

class WavenetLanguageModel : public LanguageModel {
 public:
  /// Children "embedding" and "stack".
  WavenetLanguageModel(const WavenetOptions& options, int symbols, Rng& rng);

  Variable forward(const Tensor& tokens) override;
  std::int64_t context() const override { return stack_.receptive_field(); }
  int symbols() const override { return static_cast<int>(embedding_.weight().shape()[0]); }
  std::string spec() const override { return to_spec(options_); }

 private:
  const WavenetOptions options_;
  Embedding embedding_;
  Wavenet stack_;
};

}  // namespace tengen::nets
