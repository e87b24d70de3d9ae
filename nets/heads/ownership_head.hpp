// The ownership head of KataGo (Wu 2019, "Accelerating Self-Play Learning in Go", section 4.1): who
// will own each point when the game is scored. What it learns of single points tells the body why
// games are won, which the result alone says with one bit a game. A 1x1 convolution to one plane.
#pragma once

#include "engine/layers/conv2d.hpp"

namespace tengen::nets {

class OwnershipHead : public Layer {
 public:
  OwnershipHead(int trunk_channels, Rng& rng);

  /// [N, H, W, trunk_channels] -> [N, H, W]: tanh of it is the expected owner, 1 the side to move
  /// to -1 the opponent; sigmoid of twice as much is the probability that the side to move owns the
  /// point.
  Variable forward(const Variable& x) override;

 private:
  Conv2d conv_;
};

}  // namespace tengen::nets
