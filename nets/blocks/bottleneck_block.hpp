// The bottleneck block (He et al. 2016a): conv1x1 to `inner` channels-BN-ReLU, conv3x3-BN-ReLU,
// conv1x1 back-BN, add x, ReLU; or another norm and activation in their place.
#pragma once

#include "engine/layers/conv2d.hpp"
#include "nets/graph_layer.hpp"
#include "nets/norm_activation.hpp"

namespace tengen::nets {

class BottleneckBlock : public GraphLayer {
 public:
  BottleneckBlock(int channels, int inner, const BodyStyle& style, Rng& rng);

  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  Conv2d conv1_;
  NormActivation norm1_;
  Conv2d conv2_;
  NormActivation norm2_;
  Conv2d conv3_;
  NormActivation norm3_;
};

}  // namespace tengen::nets
