// Residual towers: conv3x3-BN-ReLU stem, then blocks; a tower of pre-activation blocks ends in a
// BN-ReLU of its own. The body of an AlphaZero net, and in several stages that of an image
// classifier: before each stage but the first a conv3x3-BN-ReLU of stride 2 halves the image and
// doubles the channels (a pyramid's channels grow block by block instead). Norm and activation are
// options; the heads of a game keep batch norm and ReLU.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/spec.hpp"
#include "nets/blocks/residual_block.hpp"
#include "nets/graph_layer.hpp"
#include "nets/parts.hpp"

namespace tengen::nets {

struct TrunkOptions {
  int blocks = 6;     // of each stage
  int channels = 96;  // of the first stage, before `widen`
  BlockForm form = BlockForm::basic;
  int bottleneck = 48;  // inner width of bottleneck forms, in the first stage
  int stages = 1;
  int widen = 1;       // k of a wide residual net: multiplies all channels
  double dropout = 0;  // of preact blocks
  int widening = 48;   // alpha of a pyramid: channels added over all blocks
  BodyStyle style;     // of stem, blocks and what is between the stages
};

/// Options blocks, channels, block, stages, widen, and by form bottleneck (default channels / 2),
/// dropout or widening; norm and activation (norm_activation.hpp). Leaves others to the caller.
TrunkOptions parse_trunk(Spec& spec);
/// "resnet:blocks=6,channels=96,block=basic", and those of the others that are not the default.
std::string to_spec(const TrunkOptions& options);

class Trunk : public Body {
 public:
  /// Children "stem", "0", "1", ..., "down1", "down2" between the stages, and for pre-activation
  /// "final_norm".
  Trunk(const ImageShape& in, const TrunkOptions& options, Rng& rng);

  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;
  ImageShape output_shape() const override { return shape_; }

 private:
  void append(const std::string& name, std::unique_ptr<GraphLayer> part);
  void append_block(const TrunkOptions& options, int index, Rng& rng);
  void append_downsampling(const TrunkOptions& options, int stage, Rng& rng);

  ImageShape shape_;  // of the result of what there is so far
  ConvPart stem_;
  std::vector<std::pair<std::string, std::unique_ptr<GraphLayer>>> tower_;
  std::unique_ptr<NormActivation> final_norm_;  // null for post-activation
};

}  // namespace tengen::nets
