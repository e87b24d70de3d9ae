// The pre-activation block (He et al. 2016b): BN-ReLU-conv3x3-BN-ReLU-conv3x3, add x.
#pragma once

#include "engine/layers/batch_norm.hpp"
#include "engine/layers/conv2d.hpp"
#include "nets/blocks/residual_block.hpp"

namespace tengen::nets {

class BasicPreactBlock : public ResidualBlock {
 public:
  BasicPreactBlock(int channels, Rng& rng);

  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;

 private:
  BatchNorm norm1_;
  Conv2d conv1_;
  BatchNorm norm2_;
  Conv2d conv2_;
};

}  // namespace tengen::nets
