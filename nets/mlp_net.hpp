// A multi-layer perceptron with a policy and a value output, for tiny games and tests: flatten,
// then `layers` times linear-ReLU, then one linear layer to the logits and one with tanh to the
// value.
#pragma once

#include <memory>
#include <vector>

#include "engine/base/spec.hpp"
#include "engine/layers/linear.hpp"
#include "nets/policy_value_net.hpp"

namespace tengen::nets {

struct MlpOptions {
  int layers = 2;   // hidden layers
  int hidden = 64;  // units in each
};

/// Options layers and hidden. Rejects any other.
MlpOptions parse_mlp(Spec& spec);
/// "mlp:layers=2,hidden=64"
std::string to_spec(const MlpOptions& options);

class MlpNet : public PolicyValueNet {
 public:
  /// Children "hidden.0", "hidden.1", ..., "policy" and "value".
  MlpNet(const MlpOptions& options, const NetIo& io, Rng& rng);

  PolicyValue forward(const Variable& observations) override;
  PlanGraph graph() const override;
  std::string spec() const override { return to_spec(options_); }
  const NetIo& io() const override { return io_; }

 private:
  const MlpOptions options_;
  const NetIo io_;
  std::vector<std::unique_ptr<Linear>> hidden_;
  Linear policy_, value_;
};

}  // namespace tengen::nets
