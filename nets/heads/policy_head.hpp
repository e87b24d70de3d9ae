// The policy head of AlphaGo Zero: conv1x1 to a few channels-BN-ReLU-linear to one logit per
// action.
#pragma once

#include <string>

#include "engine/layers/batch_norm.hpp"
#include "engine/layers/conv2d.hpp"
#include "engine/layers/linear.hpp"
#include "nets/policy_value_net.hpp"

namespace tengen::nets {

class GraphBuilder;

class PolicyHead : public Layer {
 public:
  /// On a trunk of `trunk_channels`; `channels` is the width of the convolution.
  PolicyHead(const NetIo& io, int trunk_channels, int channels, Rng& rng);

  /// [N, H, W, trunk_channels] -> logits [N, actions].
  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const;

 private:
  Conv2d conv_;
  BatchNorm norm_;
  Linear linear_;
};

}  // namespace tengen::nets
