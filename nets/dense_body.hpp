// DenseNet (Huang et al. 2017): conv3x3-BN-ReLU stem of 2 growth channels, then dense blocks, whose
// layers each add `growth` channels, with a transition that halves channels and image between
// them; BN-ReLU at the end.
#pragma once

#include <string>

#include "engine/base/spec.hpp"
#include "nets/parts.hpp"

namespace tengen::nets {

struct DenseOptions {
  int layers = 6;  // of each block
  int growth = 12;
  int stages = 3;  // dense blocks
};

/// Options layers, growth and stages. Leaves others to the caller.
DenseOptions parse_dense(Spec& spec, int default_stages);
/// "densenet:layers=6,growth=12,stages=3"
std::string to_spec(const DenseOptions& options);

class DenseBody : public Body {
 public:
  /// Children "chain.stem", "chain.0_0", ..., "chain.down1", ... and "final_norm".
  DenseBody(const ImageShape& in, const DenseOptions& options, Rng& rng);

  Variable forward(const Variable& x) override;
  int emit(GraphBuilder& builder, const std::string& name, int input) const override;
  ImageShape output_shape() const override { return shape_; }

 private:
  ImageShape shape_;
  Chain chain_;
  std::unique_ptr<BatchNorm> final_norm_;
};

}  // namespace tengen::nets
