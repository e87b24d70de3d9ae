// The interface of every policy/value net: observations [N, H, W, C] -> policy logits [N, A] and
// value [N] in [-1, 1] from the point of view of the side to move. Nets may also have an ownership
// head (heads/ownership_head.hpp), which helps training and answers for single positions; plans for
// inference leave it out.
#pragma once

#include <memory>
#include <string>

#include "engine/base/random.hpp"
#include "engine/layers/module.hpp"
#include "nets/inference/graph.hpp"

namespace tengen::nets {

/// What a net is fitted to: the game's observation shape and number of actions.
struct NetIo {
  int height = 0, width = 0, channels = 0;
  int actions = 0;
};

struct PolicyValue {
  Variable policy_logits;  // [N, A]
  Variable value;          // [N]
  /// [N, H, W]: tanh of it is the expected owner of each cell at the end of the game, 1 the side to
  /// move to -1 the opponent. Undefined without has_ownership().
  Variable ownership_logits;
};

class PolicyValueNet : public Module {
 public:
  /// Observations in bf16 make the convolutions and their activations bf16; parameters, statistics,
  /// heads and results stay f32.
  virtual PolicyValue forward(const Variable& observations) = 0;
  /// Whether forward() gives ownership.
  virtual bool has_ownership() const { return false; }
  /// Policy and value of the net in eval mode as fused ops (batch norm folded), with copies of the
  /// present weights.
  virtual PlanGraph graph() const = 0;
  /// What make_net needs to build this architecture again: its canonical description and its
  /// shapes.
  virtual std::string spec() const = 0;
  virtual const NetIo& io() const = 0;
};

/// Makes a net with initialised weights from a description:
///   "resnet:blocks=6,channels=96,block=basic"   block: basic|preact|bottleneck|bottleneck_preact
///             also stages=S, widen=K, dropout=P (preact), and block=pyramid with widening=A
///   "mobile:blocks=6,channels=64"
///   "densenet:layers=6,growth=12"
///   "mlp:layers=2,hidden=64"
/// and the other options of these bodies, bodies.hpp: hidden=50-100, activation, norm, init; of all
/// but mlp those of the heads, alpha_zero_net.hpp.
/// Throws std::invalid_argument that lists the known architectures or names the wrong option.
std::unique_ptr<PolicyValueNet> make_net(const std::string& spec, const NetIo& io, Rng& rng);
/// `spec` with every option written out: equal strings mean equal architectures.
std::string canonical_net_spec(const std::string& spec);

/// The table that `tengen net describe` prints: a line per op with its output shape, parameters and
/// multiply-adds, then the totals.
std::string describe(const PolicyValueNet& net);

}  // namespace tengen::nets
