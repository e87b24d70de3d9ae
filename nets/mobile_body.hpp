// A tower of depthwise separable convolutions (MobileNet, Howard et al. 2017): conv3x3-BN-ReLU
// stem, then separable blocks. In several stages the first block of each later stage has stride 2
// and doubles the channels.
#pragma once

#include <string>

#include "engine/base/spec.hpp"
#include "nets/parts.hpp"

namespace tengen::nets {

struct MobileOptions {
  int blocks = 6;  // of each stage
  int channels = 64;
  int stages = 1;
};

/// Options blocks, channels and stages. Leaves others to the caller.
MobileOptions parse_mobile(Spec& spec);
/// "mobile:blocks=6,channels=64,stages=1"
std::string to_spec(const MobileOptions& options);

class MobileBody : public Body {
 public:
  /// Children "chain.stem", "chain.0", "chain.1", ...
  MobileBody(const ImageShape& in, const MobileOptions& options, Rng& rng);

  Variable forward(const Variable& x) override { return chain_.forward(x); }
  int emit(GraphBuilder& builder, const std::string& name, int input) const override {
    return chain_.emit(builder, name, input);
  }
  ImageShape output_shape() const override { return shape_; }

 private:
  ImageShape shape_;
  Chain chain_;
};

}  // namespace tengen::nets
