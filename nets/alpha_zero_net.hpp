// The two-headed residual net of AlphaGo Zero (Silver et al. 2017, "Neural network architecture"),
// of any depth, width and form of block.
#pragma once

#include "engine/base/spec.hpp"
#include "nets/heads/policy_head.hpp"
#include "nets/heads/value_head.hpp"
#include "nets/policy_value_net.hpp"
#include "nets/trunk.hpp"

namespace tengen::nets {

struct AlphaZeroOptions {
  TrunkOptions trunk;
  int policy_channels = 2;  // of the policy head's convolution
  int value_channels = 1;   // of the value head's convolution
  int value_hidden = 256;   // units between the value head's linear layers
};

/// Options blocks, channels, block, bottleneck (only for bottleneck forms; default channels / 2),
/// policy_channels, value_channels, value_hidden. Rejects any other.
AlphaZeroOptions parse_alpha_zero(Spec& spec);
/// "resnet:blocks=6,..." with every option that the form has.
std::string to_spec(const AlphaZeroOptions& options);

class AlphaZeroNet : public PolicyValueNet {
 public:
  /// Children "trunk", "policy" and "value".
  AlphaZeroNet(const AlphaZeroOptions& options, const NetIo& io, Rng& rng);

  PolicyValue forward(const Variable& observations) override;
  PlanGraph graph() const override;
  std::string spec() const override { return to_spec(options_); }
  const NetIo& io() const override { return io_; }

 private:
  const AlphaZeroOptions options_;
  const NetIo io_;
  Trunk trunk_;
  PolicyHead policy_;
  ValueHead value_;
};

}  // namespace tengen::nets
