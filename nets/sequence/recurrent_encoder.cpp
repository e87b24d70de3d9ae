#include "nets/sequence/recurrent_encoder.hpp"

#include "engine/autograd/ops_slice.hpp"
#include "engine/base/error.hpp"
#include "nets/sequence/token_rows.hpp"

namespace tengen::nets {

RecurrentEncoderOptions read_recurrent_encoder(Spec& spec) {
  RecurrentEncoderOptions options;
  options.recurrent = read_recurrent(spec, options.recurrent);
  options.bidirectional = spec.get_bool("bidirectional", options.bidirectional);
  return options;
}

std::string to_spec(const RecurrentEncoderOptions& options) {
  return fmt::format("{},bidirectional={}", to_spec(options.recurrent), options.bidirectional);
}

RecurrentEncoder::RecurrentEncoder(const RecurrentEncoderOptions& options, int symbols, Rng& rng)
    : embedding_(symbols, options.recurrent.units, rng),
      forward_(make_recurrent_layers(options.recurrent, options.recurrent.units, rng)) {
  register_child("embedding", embedding_);
  register_child("forward", *forward_);
  if (!options.bidirectional) return;
  backward_ = make_recurrent_layers(options.recurrent, options.recurrent.units, rng);
  register_child("backward", *backward_);
}

std::int64_t RecurrentEncoder::width() const {
  return forward_->output_size() + (backward_ ? backward_->output_size() : 0);
}

Encoded RecurrentEncoder::forward(const TokenBatch& batch) {
  Variable steps = forward_->forward_tokens(embedding_.weight(), time_first(batch.tokens)).y;
  Variable summary = last_steps(steps, batch.lengths);
  if (backward_) {
    const Tensor reversed = time_first(reversed_tokens(batch));
    const Variable back = backward_->forward_tokens(embedding_.weight(), reversed).y;
    summary = concat({summary, last_steps(back, batch.lengths)}, 1);
    steps = concat({steps, reverse_sequences(back, batch.lengths)}, 2);
  }
  return {permute(steps, {1, 0, 2}), summary};
}

}  // namespace tengen::nets
