// The two-headed net of AlphaGo Zero (Silver et al. 2017, "Neural network architecture") on any
// body that suits games: a residual tower of any depth, width and form of block, or another of
// bodies.hpp. KataGo's ownership head may be a third.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/base/spec.hpp"
#include "nets/bodies.hpp"
#include "nets/heads/ownership_head.hpp"
#include "nets/heads/policy_head.hpp"
#include "nets/heads/value_head.hpp"
#include "nets/policy_value_net.hpp"

namespace tengen::nets {

struct AlphaZeroOptions {
  BodyRecipe body;
  int policy_channels = 2;  // of the policy head's convolution
  int value_channels = 1;   // of the value head's convolution
  int value_hidden = 256;   // units between the value head's linear layers
  /// -1: the value head speaks for the side to move. Else for the first player (as ELF OpenGo's),
  /// and this plane of the input, ones where that player is to move, turns its value.
  int first_player_plane = -1;
  bool ownership = false;  // a third head, which says who will own each cell
};

/// The body's own options (bodies.hpp), policy_channels, value_channels, value_hidden,
/// first_player_plane, ownership. Rejects any other, and bodies that classify images only.
AlphaZeroOptions parse_alpha_zero(Spec& spec);
/// "resnet:blocks=6,..." with every option that the body has.
std::string to_spec(const AlphaZeroOptions& options);

class AlphaZeroNet : public PolicyValueNet {
 public:
  /// Children "trunk", "policy", "value" and, with it, "ownership", whose body must keep the size
  /// of the board.
  AlphaZeroNet(const AlphaZeroOptions& options, const NetIo& io, Rng& rng);

  PolicyValue forward(const Variable& observations) override;
  bool has_ownership() const override { return ownership_.has_value(); }
  PlanGraph graph() const override;
  std::string spec() const override { return to_spec(options_); }
  const NetIo& io() const override { return io_; }

 private:
  void add_ownership(Rng& rng);
  Variable signs_of(const Tensor& observations, DType dtype) const;

  const AlphaZeroOptions options_;
  const NetIo io_;
  const std::unique_ptr<Body> trunk_;
  PolicyHead policy_;
  ValueHead value_;
  std::optional<OwnershipHead> ownership_;
};

}  // namespace tengen::nets
