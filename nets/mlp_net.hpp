// A multi-layer perceptron with a policy and a value output, for tiny games and tests: flatten,
// then hidden layers (mlp_options.hpp), then one linear layer to the logits and one with tanh to
// the value.
#pragma once

#include <memory>
#include <vector>

#include "engine/base/spec.hpp"
#include "engine/layers/linear.hpp"
#include "nets/initial_weights.hpp"
#include "nets/mlp_options.hpp"
#include "nets/policy_value_net.hpp"

namespace tengen::nets {

struct MlpNetOptions {
  MlpOptions layers;
  InitialWeights init;
};

/// Options of the hidden layers, by default 2 of 64 units, and init. Rejects any other.
MlpNetOptions parse_mlp_net(Spec& spec);
/// "mlp:layers=2,hidden=64"
std::string to_spec(const MlpNetOptions& options);

class MlpNet : public PolicyValueNet {
 public:
  /// Children "hidden.0", "hidden.1", ..., "policy" and "value".
  MlpNet(const MlpNetOptions& options, const NetIo& io, Rng& rng);

  PolicyValue forward(const Variable& observations) override;
  PlanGraph graph() const override;
  std::string spec() const override { return to_spec(options_); }
  const NetIo& io() const override { return io_; }

 private:
  const MlpNetOptions options_;
  const NetIo io_;
  std::vector<std::unique_ptr<DensePart>> hidden_;
  Linear policy_, value_;
};

}  // namespace tengen::nets
