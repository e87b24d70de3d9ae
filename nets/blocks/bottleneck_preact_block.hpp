// The pre-activation bottleneck (He et al. 2016b): BN-ReLU-conv1x1 to `inner` channels,
// BN-ReLU-conv3x3, BN-ReLU-conv1x1 back, add x; or another norm and activation in their place.
#pragma once

#include "engine/layers/conv2d.hpp"
#include "nets/graph_layer.hpp"
#include "nets/norm_activation.hpp"

namespace tengen::nets {

class BottleneckPreactBlock : public GraphLayer {
 public:
  BottleneckPreactBlock(int channels, int inner, const BodyStyle& style, Rng& rng);

  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  NormActivation norm1_;
  Conv2d conv1_;
  NormActivation norm2_;
  Conv2d conv2_;
  NormActivation norm3_;
  Conv2d conv3_;
};

}  // namespace tengen::nets
