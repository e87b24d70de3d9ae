#include "nets/sequence/wavenet_language_model.hpp"

#include "engine/base/error.hpp"

namespace tengen::nets {

namespace {

WavenetOptions fitted(WavenetOptions options, int symbols) {
  options.in_channels = options.channels;
  options.out_channels = symbols;
  return options;
}

}  // namespace

WavenetOptions parse_wavenet(Spec& spec) {
  WavenetOptions options;
  options.channels = spec.get_int("channels", 64, 1, 65536);
  options.skip_channels = spec.get_int("skip", 128, 1, 65536);
  options.kernel = spec.get_int("kernel", options.kernel, 2, 64);
  options.layers = spec.get_int("layers", 5, 1, 20);
  options.stacks = spec.get_int("stacks", options.stacks, 1, 100);
  spec.finish();
  return options;
}

std::string to_spec(const WavenetOptions& options) {
  return fmt::format("wavenet:channels={},skip={},kernel={},layers={},stacks={}", options.channels,
                     options.skip_channels, options.kernel, options.layers, options.stacks);
}

WavenetLanguageModel::WavenetLanguageModel(const WavenetOptions& options, int symbols, Rng& rng)
    : options_(options),
      embedding_(symbols, options.channels, rng),
      stack_(fitted(options, symbols), rng) {
  register_child("embedding", embedding_);
  register_child("stack", stack_);
}

Variable WavenetLanguageModel::forward(const Tensor& tokens) {
  return stack_.forward(embedding_.forward(tokens));
}

}  // namespace tengen::nets
