// A recurrent language model (Mikolov et al. 2010): embedding, recurrent layers, and a linear layer
// to the logits, with dropout between them but not within the recurrence (Zaremba et al. 2014).
#pragma once

#include "engine/layers/dropout.hpp"
#include "engine/layers/embedding.hpp"
#include "engine/layers/linear.hpp"
#include "engine/layers/stateful.hpp"
#include "nets/recurrent_net.hpp"
#include "nets/sequence/language_model.hpp"

namespace tengen::nets {

struct RecurrentLmOptions {
  RecurrentOptions recurrent = {.cell = "lstm", .units = 128};  // the embedding is as wide
  bool tied = false;  // the embedding is the output layer's weight too (Press and Wolf 2017)
  double dropout = 0;
};

RecurrentLmOptions parse_recurrent_lm(Spec& spec);
/// "lstm:layers=1,units=128,tied=false,dropout=0"
std::string to_spec(const RecurrentLmOptions& options);

class RecurrentLanguageModel : public LanguageModel {
 public:
  /// Children "embedding", "recurrent" and "output".
  RecurrentLanguageModel(const RecurrentLmOptions& options, int symbols, Rng& rng);

  Variable forward(const Tensor& tokens) override;
  void reset() override { recurrent_.reset_state(); }
  std::int64_t context() const override { return 0; }
  int symbols() const override { return static_cast<int>(embedding_.weight().shape()[0]); }
  std::string spec() const override { return to_spec(options_); }

 private:
  Variable read(const Tensor& tokens);

  const RecurrentLmOptions options_;
  Embedding embedding_;
  Dropout embedding_dropout_, output_dropout_;
  Stateful recurrent_;
  Linear output_;
};

}  // namespace tengen::nets
