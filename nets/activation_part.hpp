// The activations that a net's description can name, as layers: activation=relu, and so on.
//
//   relu | leaky_relu | prelu | rrelu | tanh | sigmoid | gelu | silu | none
//   maxout  only of fully connected layers, where it replaces the linear function (DensePart)
//
// All of them are computed by an InferencePlan, most within the op before them.
#pragma once

#include <memory>
#include <string>

#include "engine/base/spec.hpp"
#include "nets/graph_layer.hpp"

namespace tengen::nets {

struct ActivationOptions {
  std::string name = "relu";
  double slope = 0.01;  // of leaky_relu, for negative inputs
  int pieces = 2;       // of maxout: linear functions of a unit
  friend bool operator==(const ActivationOptions&, const ActivationOptions&) = default;
};

/// Options activation, and by it slope or pieces. Maxout is refused unless `with_maxout`.
ActivationOptions parse_activation(Spec& spec, bool with_maxout = false);
/// ",activation=leaky_relu,slope=0.01"; "" for a ReLU, the default.
std::string to_spec(const ActivationOptions& options);
/// Whether He's initial weights suit it (else Xavier's do): it is linear for positive inputs.
bool is_rectifier(const ActivationOptions& options);

/// For [..., channels]; null for none. Numbers that the layer draws (rrelu) come from a generator
/// that `rng` seeds. emit() puts it into the op that made the input where it can.
std::unique_ptr<GraphLayer> make_activation(const ActivationOptions& options, std::int64_t channels,
                                            Rng& rng);

}  // namespace tengen::nets
