// The pre-activation block (He et al. 2016b): BN-ReLU-conv3x3-BN-ReLU-conv3x3, add x; or
// another norm and activation in their place. With dropout
// before the second convolution it is the block of wide residual nets (Zagoruyko and Komodakis
// 2016).
#pragma once

#include "engine/layers/conv2d.hpp"
#include "engine/layers/dropout.hpp"
#include "nets/graph_layer.hpp"
#include "nets/norm_activation.hpp"

namespace tengen::nets {

class BasicPreactBlock : public GraphLayer {
 public:
  /// `dropout` between the convolutions, in [0, 1).
  BasicPreactBlock(int channels, double dropout, const BodyStyle& style, Rng& rng);

  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  NormActivation norm1_;
  Conv2d conv1_;
  NormActivation norm2_;
  Dropout dropout_;
  Conv2d conv2_;
};

}  // namespace tengen::nets
