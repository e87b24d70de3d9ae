#include "nets/trunk.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/error.hpp"
#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

namespace {

constexpr const char* kForms = "basic|preact|bottleneck|bottleneck_preact|pyramid";

int first_width(const TrunkOptions& options) { return options.channels * options.widen; }

/// Channels after block number `index` of a pyramid, from 0: the linear growth of Han et al.,
/// eq. 3.
int pyramid_width(const TrunkOptions& options, int index) {
  const double share = (index + 1.0) / (options.blocks * options.stages);
  return first_width(options) + static_cast<int>(std::lround(share * options.widening));
}

std::string option(const char* key, int value, int default_value) {
  return value == default_value ? "" : fmt::format(",{}={}", key, value);
}

}  // namespace

TrunkOptions parse_trunk(Spec& spec) {
  TrunkOptions options;
  options.blocks = spec.get_int("blocks", options.blocks, 1, 200);
  options.channels = spec.get_int("channels", options.channels, 1, 4096);
  options.form = parse_block_form(spec.get_choice("block", "basic", kForms));
  options.stages = spec.get_int("stages", options.stages, 1, 5);
  options.widen = spec.get_int("widen", options.widen, 1, 64);
  options.bottleneck = std::max(1, first_width(options) / 2);
  if (is_bottleneck(options.form))
    options.bottleneck = spec.get_int("bottleneck", options.bottleneck, 1, 4096);
  if (options.form == BlockForm::preact)
    options.dropout = spec.get_double("dropout", options.dropout, 0, 0.99);
  if (options.form == BlockForm::pyramid)
    options.widening = spec.get_int("widening", options.widening, 0, 4096);
  options.style = parse_style(spec);
  return options;
}

std::string to_spec(const TrunkOptions& options) {
  std::string text = fmt::format("resnet:blocks={},channels={},block={}", options.blocks,
                                 options.channels, to_string(options.form));
  if (is_bottleneck(options.form)) text += fmt::format(",bottleneck={}", options.bottleneck);
  if (options.form == BlockForm::pyramid) text += fmt::format(",widening={}", options.widening);
  text += option("stages", options.stages, 1) + option("widen", options.widen, 1);
  if (options.dropout > 0) text += fmt::format(",dropout={:g}", options.dropout);
  return text + to_spec(options.style);
}

Trunk::Trunk(const ImageShape& in, const TrunkOptions& options, Rng& rng)
    : shape_{in.height, in.width, first_width(options)},
      stem_({.in_channels = in.channels, .out_channels = shape_.channels, .kernel = 3},
            options.style, rng) {
  register_child("stem", stem_);
  for (int stage = 0; stage < options.stages; ++stage) {
    if (stage > 0) append_downsampling(options, stage, rng);
    for (int i = 0; i < options.blocks; ++i) append_block(options, stage * options.blocks + i, rng);
  }
  if (!is_preactivation(options.form)) return;
  final_norm_ = std::make_unique<NormActivation>(options.style, shape_.channels, rng);
  register_child("final_norm", *final_norm_);
}

void Trunk::append(const std::string& name, std::unique_ptr<GraphLayer> part) {
  register_child(name, *part);
  tower_.emplace_back(name, std::move(part));
}

void Trunk::append_block(const TrunkOptions& options, int index, Rng& rng) {
  const bool pyramid = options.form == BlockForm::pyramid;
  const int outputs = pyramid ? pyramid_width(options, index) : shape_.channels;
  const BlockOptions block{
      .form = options.form,
      .channels = shape_.channels,
      .outputs = outputs,
      .inner = std::max(1, options.bottleneck * shape_.channels / first_width(options)),
      .dropout = options.dropout,
      .style = options.style};
  append(std::to_string(index), make_block(block, rng));
  shape_.channels = outputs;
}

void Trunk::append_downsampling(const TrunkOptions& options, int stage, Rng& rng) {
  const Conv2dOptions conv{
      .in_channels = shape_.channels,
      .out_channels = shape_.channels * (options.form == BlockForm::pyramid ? 1 : 2),
      .kernel = 3,
      .stride = 2};
  append("down" + std::to_string(stage), std::make_unique<ConvPart>(conv, options.style, rng));
  shape_ = {(shape_.height + 1) / 2, (shape_.width + 1) / 2, static_cast<int>(conv.out_channels)};
}

Variable Trunk::forward(const Variable& x) {
  Variable y = stem_.forward(x);
  for (const auto& [name, part] : tower_) y = part->forward(y);
  return final_norm_ ? final_norm_->forward(y) : y;
}

int Trunk::emit(GraphBuilder& builder, const std::string& name, int input) const {
  int y = stem_.emit(builder, name + ".stem.conv", input);
  for (const auto& [part_name, part] : tower_) y = part->emit(builder, name + "." + part_name, y);
  if (!final_norm_) return y;
  return final_norm_->emit(builder, name + ".final_norm", y);
}

}  // namespace tengen::nets
