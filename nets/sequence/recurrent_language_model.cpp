#include "nets/sequence/recurrent_language_model.hpp"

#include <cmath>

#include "engine/autograd/ops_slice.hpp"
#include "engine/base/error.hpp"
#include "engine/layers/at_each_step.hpp"
#include "nets/sequence/token_rows.hpp"

namespace tengen::nets {

namespace {

/// As an output layer's weight, rows of N(0, 1) would begin with logits far too large.
double embedding_deviation(const RecurrentLmOptions& options) {
  return options.tied ? 1 / std::sqrt(options.recurrent.units) : 1;
}

Linear output_layer(const RecurrentLmOptions& options, const Embedding& embedding, Rng& rng) {
  if (options.tied) return Linear(embedding.weight());
  return Linear(options.recurrent.units, embedding.weight().shape()[0], rng, Linear::Init::xavier);
}

}  // namespace

RecurrentLmOptions parse_recurrent_lm(Spec& spec) {
  RecurrentLmOptions options;
  options.recurrent = read_recurrent(spec, options.recurrent);
  options.tied = spec.get_bool("tied", options.tied);
  options.dropout = spec.get_double("dropout", options.dropout, 0, 0.99);
  spec.finish();
  return options;
}

std::string to_spec(const RecurrentLmOptions& options) {
  return fmt::format("{},tied={},dropout={:g}", to_spec(options.recurrent), options.tied,
                     options.dropout);
}

RecurrentLanguageModel::RecurrentLanguageModel(const RecurrentLmOptions& options, int symbols,
                                               Rng& rng)
    : options_(options),
      embedding_(symbols, options.recurrent.units, rng, embedding_deviation(options)),
      embedding_dropout_(options.dropout, Rng(rng())),
      output_dropout_(options.dropout, Rng(rng())),
      recurrent_(make_recurrent_layers(options.recurrent, options.recurrent.units, rng)),
      output_(output_layer(options, embedding_, rng)) {
  register_child("embedding", embedding_);
  register_child("embedding_dropout", embedding_dropout_);
  register_child("recurrent", recurrent_);
  register_child("output_dropout", output_dropout_);
  register_child("output", output_);
}

/// tokens [T, N] -> [T, N, H].
Variable RecurrentLanguageModel::read(const Tensor& tokens) {
  if (options_.dropout == 0) return recurrent_.forward_tokens(embedding_.weight(), tokens);
  return recurrent_.forward(embedding_dropout_.forward(embedding_.forward(tokens)));
}

Variable RecurrentLanguageModel::forward(const Tensor& tokens) {
  const Variable y = output_dropout_.forward(read(time_first(tokens)));
  return at_each_step(output_, permute(y, {1, 0, 2}));
}

}  // namespace tengen::nets
