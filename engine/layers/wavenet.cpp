#include "engine/layers/wavenet.hpp"

#include <string>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/base/error.hpp"
#include "engine/layers/at_each_step.hpp"

namespace tengen {

namespace {

constexpr int kMaxLayers = 20;  // of a stack: a dilation of half a million steps

const WavenetOptions& checked(const WavenetOptions& options) {
  if (options.kernel < 2 || options.layers < 1 || options.layers > kMaxLayers || options.stacks < 1)
    bad_argument("Wavenet",
                 "expected a kernel of 2 or more, 1 to {} layers and a stack, got {}, {} and {}",
                 kMaxLayers, options.kernel, options.layers, options.stacks);
  return options;
}

Conv1dOptions causal(std::int64_t in, std::int64_t out, int kernel, int dilation) {
  return {.in_channels = in,
          .out_channels = out,
          .kernel = kernel,
          .dilation = dilation,
          .causal = true};
}

}  // namespace

WavenetLayer::WavenetLayer(const WavenetOptions& options, int dilation, bool last, Rng& rng)
    : filter_and_gate_(causal(options.channels, 2 * options.channels, options.kernel, dilation),
                       rng),
      skip_(options.channels, options.skip_channels, rng, Linear::Init::xavier) {
  register_child("filter_and_gate", filter_and_gate_);
  register_child("skip", skip_);
  if (last) return;
  residual_ =
      std::make_unique<Linear>(options.channels, options.channels, rng, Linear::Init::xavier);
  register_child("residual", *residual_);
}

WavenetLayer::Output WavenetLayer::forward(const Variable& x) {
  const std::int64_t channels = x.shape()[2];
  const Variable sums = filter_and_gate_.forward(x);
  const Variable z =
      multiply(tanh(slice(sums, 2, 0, channels)), sigmoid(slice(sums, 2, channels, 2 * channels)));
  return {residual_ ? add(x, at_each_step(*residual_, z)) : Variable(), at_each_step(skip_, z)};
}

Wavenet::Wavenet(const WavenetOptions& options, Rng& rng)
    : receptive_field_(checked(options).kernel),
      input_(causal(options.in_channels, options.channels, options.kernel, 1), rng),
      hidden_(options.skip_channels, options.skip_channels, rng, Linear::Init::he),
      output_(options.skip_channels, options.out_channels, rng, Linear::Init::xavier) {
  register_child("input", input_);
  const int count = options.stacks * options.layers;
  for (int i = 0; i < count; ++i) {
    const int dilation = 1 << (i % options.layers);
    receptive_field_ += std::int64_t{options.kernel - 1} * dilation;
    layers_.push_back(std::make_unique<WavenetLayer>(options, dilation, i + 1 == count, rng));
    register_child(std::to_string(i), *layers_.back());
  }
  register_child("hidden", hidden_);
  register_child("output", output_);
}

Variable Wavenet::forward(const Variable& x) {
  Variable path = input_.forward(x), skips;
  for (const auto& layer : layers_) {
    const WavenetLayer::Output output = layer->forward(path);
    path = output.x;
    skips = skips.defined() ? add(skips, output.skip) : output.skip;
  }
  return at_each_step(output_, relu(at_each_step(hidden_, relu(skips))));
}

}  // namespace tengen
