#include "nets/sequence/recurrent_encoder_decoder.hpp"

#include <array>
#include <string_view>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/base/error.hpp"
#include "engine/layers/at_each_step.hpp"
#include "nets/sequence/lengths.hpp"
#include "nets/sequence/token_rows.hpp"

namespace tengen::nets {

namespace {

using Attention = RecurrentEncoderDecoderOptions::Attention;
constexpr std::array<std::string_view, 3> kAttentions = {"none", "dot", "additive"};

}  // namespace

RecurrentEncoderDecoderOptions parse_recurrent_encoder_decoder(Spec& spec) {
  RecurrentEncoderDecoderOptions options;
  options.encoder = read_recurrent_encoder(spec);
  const std::string attention = spec.get_choice("attention", "dot", "none|dot|additive");
  for (std::size_t i = 0; i < kAttentions.size(); ++i)
    if (attention == kAttentions[i]) options.attention = static_cast<Attention>(i);
  spec.finish();
  return options;
}

std::string to_spec(const RecurrentEncoderDecoderOptions& options) {
  return fmt::format("{},attention={}", to_spec(options.encoder),
                     kAttentions[static_cast<std::size_t>(options.attention)]);
}

RecurrentEncoderDecoder::RecurrentEncoderDecoder(const RecurrentEncoderDecoderOptions& options,
                                                 int symbols, Rng& rng)
    : options_(options),
      encoder_(options.encoder, symbols, rng),
      embedding_(symbols, options.encoder.recurrent.units, rng),
      decoder_(
          make_recurrent_layers(options.encoder.recurrent, options.encoder.recurrent.units, rng)),
      bridge_(encoder_.width(), decoder_->state_size(), rng, Linear::Init::xavier),
      output_(decoder_->output_size(), symbols, rng, Linear::Init::xavier) {
  register_child("encoder", encoder_);
  register_child("embedding", embedding_);
  register_child("decoder", *decoder_);
  register_child("bridge", bridge_);
  register_child("output", output_);
  if (options.attention == Attention::none) return;
  const std::int64_t units = decoder_->output_size();
  memory_ = std::make_unique<Linear>(encoder_.width(), units, rng, Linear::Init::xavier);
  combine_ = std::make_unique<Linear>(2 * units, units, rng, Linear::Init::xavier);
  register_child("memory", *memory_);
  register_child("combine", *combine_);
  if (options.attention != Attention::additive) return;
  additive_ = std::make_unique<AdditiveAttention>(units, units, units, rng);
  register_child("attention", *additive_);
}

RecurrentEncoderDecoder::Source RecurrentEncoderDecoder::encode(const TokenBatch& source) {
  const Encoded encoded = encoder_.forward(source);
  return {tanh(bridge_.forward(encoded.summary)),
          memory_ ? at_each_step(*memory_, encoded.steps) : Variable(), source.lengths};
}

Attended RecurrentEncoderDecoder::look(const Source& source, const Variable& queries) {
  const Tensor mask =
      padding_mask(source.lengths, queries.shape()[1], source.memory.shape()[1], queries.dtype());
  return additive_ ? additive_->forward(queries, source.memory, mask)
                   : dot_product_attention(queries, source.memory, source.memory, mask);
}

Variable RecurrentEncoderDecoder::run_decoder(Source& source, const Tensor& target) {
  const SequenceOutput output =
      decoder_->forward_tokens(embedding_.weight(), time_first(target), source.state);
  source.state = output.state;
  return permute(output.y, {1, 0, 2});
}

Variable RecurrentEncoderDecoder::decode(Source& source, const Tensor& target) {
  Variable y = run_decoder(source, target);
  if (memory_) y = tanh(at_each_step(*combine_, concat({look(source, y).context, y}, 2)));
  return at_each_step(output_, y);
}

Variable RecurrentEncoderDecoder::forward(const TokenBatch& source, const Tensor& target) {
  Source encoded = encode(source);
  return decode(encoded, target);
}

Tensor RecurrentEncoderDecoder::attention(const TokenBatch& source, const Tensor& target) {
  if (!memory_) return {};
  const NoGrad no_grad;
  Source encoded = encode(source);
  return look(encoded, run_decoder(encoded, target)).weights.value();
}

DecoderState RecurrentEncoderDecoder::begin(const TokenBatch& source) {
  const NoGrad no_grad;
  const Source encoded = encode(source);
  DecoderState state{encoded.state.value()};
  if (memory_) state.insert(state.end(), {encoded.memory.value(), lengths_tensor(source.lengths)});
  return state;
}

Tensor RecurrentEncoderDecoder::step(DecoderState& state, const Tensor& tokens) {
  const NoGrad no_grad;
  Source source{Variable(state[0]), {}, {}};
  if (memory_) {
    source.memory = Variable(state[1]);
    source.lengths = lengths_of(state[2]);
  }
  const std::int64_t batch = tokens.dim(0);
  const Variable logits = decode(source, tokens.reshape({batch, 1}));
  state[0] = source.state.value();
  return logits.value().reshape({batch, symbols()});
}

}  // namespace tengen::nets
