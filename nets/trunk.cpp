#include "nets/trunk.hpp"

#include "nets/inference/graph_builder.hpp"

namespace tengen::nets {

Trunk::Trunk(int in_channels, const TrunkOptions& options, Rng& rng)
    : stem_conv_({.in_channels = in_channels, .out_channels = options.channels, .kernel = 3}, rng),
      stem_norm_(options.channels) {
  register_child("stem.conv", stem_conv_);
  register_child("stem.norm", stem_norm_);
  for (int i = 0; i < options.blocks; ++i) {
    blocks_.push_back(make_block(options.form, options.channels, options.bottleneck, rng));
    register_child(std::to_string(i), *blocks_.back());
  }
  if (!is_preactivation(options.form)) return;
  final_norm_ = std::make_unique<BatchNorm>(options.channels);
  register_child("final_norm", *final_norm_);
}

Variable Trunk::forward(const Variable& x) {
  Variable y = stem_norm_.forward_relu(stem_conv_.forward(x));
  for (const std::unique_ptr<ResidualBlock>& block : blocks_) y = block->forward(y);
  return final_norm_ ? final_norm_->forward_relu(y) : y;
}

int Trunk::emit(GraphBuilder& builder, const std::string& name, int input) const {
  int y = builder.conv(name + ".stem.conv", input, stem_conv_, &stem_norm_, Activation::relu);
  for (std::size_t i = 0; i < blocks_.size(); ++i)
    y = blocks_[i]->emit(builder, name + "." + std::to_string(i), y);
  if (!final_norm_) return y;
  return builder.affine(name + ".final_norm", y, *final_norm_, Activation::relu);
}

}  // namespace tengen::nets
