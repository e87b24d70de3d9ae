// The bottleneck block (He et al. 2016a): conv1x1 to `inner` channels-BN-ReLU, conv3x3-BN-ReLU,
// conv1x1 back-BN, add x, ReLU.
#pragma once

#include "engine/layers/batch_norm.hpp"
#include "engine/layers/conv2d.hpp"
#include "nets/graph_layer.hpp"

namespace tengen::nets {

class BottleneckBlock : public GraphLayer {
 public:
  BottleneckBlock(int channels, int inner, Rng& rng);

  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  Conv2d conv1_;
  BatchNorm norm1_;
  Conv2d conv2_;
  BatchNorm norm2_;
  Conv2d conv3_;
  BatchNorm norm3_;
};

}  // namespace tengen::nets
