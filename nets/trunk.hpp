// The body of an AlphaZero net: conv3x3-BN-ReLU stem, then a tower of residual blocks; a tower of
// pre-activation blocks ends in a BN-ReLU of its own. [N, H, W, in] -> [N, H, W, channels].
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/layers/batch_norm.hpp"
#include "engine/layers/conv2d.hpp"
#include "nets/blocks/residual_block.hpp"

namespace tengen::nets {

struct TrunkOptions {
  int blocks = 6;
  int channels = 96;
  BlockForm form = BlockForm::basic;
  int bottleneck = 48;  // inner width of bottleneck forms
};

class Trunk : public Layer {
 public:
  /// Children "stem.conv", "stem.norm", "0", "1", ... and for pre-activation "final_norm".
  Trunk(int in_channels, const TrunkOptions& options, Rng& rng);

  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const;

 private:
  Conv2d stem_conv_;
  BatchNorm stem_norm_;
  std::vector<std::unique_ptr<ResidualBlock>> blocks_;
  std::unique_ptr<BatchNorm> final_norm_;  // null for post-activation
};

}  // namespace tengen::nets
