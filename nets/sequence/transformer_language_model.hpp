// A transformer without a source: blocks with a causal mask, and the embedding as the output
// layer's weight (Radford et al. 2018). No state: a call sees its own tokens alone.
#pragma once

#include "engine/layers/linear.hpp"
#include "nets/sequence/language_model.hpp"
#include "nets/sequence/transformer_stack.hpp"

namespace tengen::nets {

struct TransformerLmOptions {
  TransformerStackOptions stack;
  int context = 64;
};

TransformerLmOptions parse_transformer_lm(Spec& spec);
/// "transformer:layers=2,...,dropout=0,context=64"
std::string to_spec(const TransformerLmOptions& options);

class TransformerLanguageModel : public LanguageModel {
 public:
  /// Children "stack" and "output".
  TransformerLanguageModel(const TransformerLmOptions& options, int symbols, Rng& rng);

  /// T is at most context().
  Variable forward(const Tensor& tokens) override;
  std::int64_t context() const override { return options_.context; }
  int symbols() const override { return static_cast<int>(stack_.embedding().shape()[0]); }
  std::string spec() const override { return to_spec(options_); }

 private:
  const TransformerLmOptions options_;
  TransformerStack stack_;
  Linear output_;
};

}  // namespace tengen::nets
