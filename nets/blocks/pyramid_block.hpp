// The block of PyramidNet (Han, Kim and Kim 2017, figure 6d): BN-conv3x3-BN-ReLU-conv3x3-BN, which
// may have more channels than its input; the shortcut fills them with zeros. No ReLU after the
// addition. Or another norm and activation in their place.
#pragma once

#include "engine/layers/conv2d.hpp"
#include "nets/graph_layer.hpp"
#include "nets/norm_activation.hpp"

namespace tengen::nets {

class PyramidBlock : public GraphLayer {
 public:
  /// outputs >= inputs.
  PyramidBlock(int inputs, int outputs, const BodyStyle& style, Rng& rng);

  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  NormActivation norm1_;
  Conv2d conv1_;
  NormActivation norm2_;
  Conv2d conv2_;
  NormActivation norm3_;
};

}  // namespace tengen::nets
