// The value head of AlphaGo Zero: conv1x1 to a few channels-BN-ReLU-linear-ReLU-linear-tanh.
#pragma once

#include <string>

#include "engine/layers/batch_norm.hpp"
#include "engine/layers/conv2d.hpp"
#include "engine/layers/linear.hpp"
#include "nets/policy_value_net.hpp"

namespace tengen::nets {

class GraphBuilder;

class ValueHead : public Layer {
 public:
  /// On a trunk of `trunk_channels`; `channels` is the width of the convolution, `hidden` that of
  /// the first linear layer.
  ValueHead(const NetIo& io, int trunk_channels, int channels, int hidden, Rng& rng);

  /// [N, H, W, trunk_channels] -> values [N] in [-1, 1] for the side to move.
  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const;

 private:
  Conv2d conv_;
  BatchNorm norm_;
  Linear linear1_, linear2_;
};

}  // namespace tengen::nets
