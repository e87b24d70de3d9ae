// The parts of DenseNet (Huang et al. 2017). A layer adds `growth` channels to those it was given:
// [x, conv3x3(ReLU(BN(conv1x1(ReLU(BN(x))))))], so layer l of a block that began with k0 channels
// sees k0 + (l - 1) growth of them. A transition narrows and halves the image: BN-ReLU-conv1x1 and
// a 2x2 mean.
#pragma once

#include "engine/layers/batch_norm.hpp"
#include "engine/layers/conv2d.hpp"
#include "nets/graph_layer.hpp"
#include "nets/parts.hpp"

namespace tengen::nets {

class DenseLayer : public GraphLayer {
 public:
  /// Width of the 1x1 convolution, in units of the growth (section 3, "bottleneck layers").
  static constexpr int kBottleneck = 4;

  DenseLayer(int inputs, int growth, Rng& rng);
  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  BatchNorm norm1_;
  Conv2d conv1_;
  BatchNorm norm2_;
  Conv2d conv2_;
};

class DenseTransition : public GraphLayer {
 public:
  DenseTransition(int inputs, int outputs, Rng& rng);
  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  BatchNorm norm_;
  Conv2d conv_;
  PoolPart pool_;
};

}  // namespace tengen::nets
