// The block of MobileNet (Howard et al. 2017, figure 3): a depthwise convolution 3x3, one filter
// for each channel, then a pointwise one, 1x1, that mixes the channels; each followed by BN-ReLU.
// Per position it takes 9 C + C M multiply-adds where a 3x3 convolution takes 9 C M.
#pragma once

#include "nets/parts.hpp"

namespace tengen::nets {

class SeparableBlock : public GraphLayer {
 public:
  /// Children "depthwise" and "pointwise".
  SeparableBlock(int inputs, int outputs, int stride, Rng& rng);

  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  ConvPart depthwise_, pointwise_;
};

}  // namespace tengen::nets
