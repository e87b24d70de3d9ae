// The residual block of AlphaGo Zero (He et al. 2016a): conv3x3-BN-ReLU-conv3x3-BN, add x, ReLU;
// or another norm and activation in their place.
#pragma once

#include "engine/layers/conv2d.hpp"
#include "nets/graph_layer.hpp"
#include "nets/norm_activation.hpp"

namespace tengen::nets {

class BasicBlock : public GraphLayer {
 public:
  BasicBlock(int channels, const BodyStyle& style, Rng& rng);

  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  Conv2d conv1_;
  NormActivation norm1_;
  Conv2d conv2_;
  NormActivation norm2_;
};

}  // namespace tengen::nets
