// The hidden layers of a multi-layer perceptron, as a description names them: the same for games
// (mlp_net.hpp) and images (plain_bodies.hpp).
#pragma once

#include <string>
#include <vector>

#include "engine/base/spec.hpp"
#include "nets/parts.hpp"

namespace tengen::nets {

struct MlpOptions {
  std::vector<int> hidden;  // units of each layer, from the input on
  DenseStyle style;         // of each layer
};

/// Options hidden (units: one number for all layers, or one for each, as in hidden=50-100), layers
/// (their number, if `hidden` does not tell it), dropout, drop_connect and those of an activation,
/// maxout included. Leaves others to the caller. The defaults are for hidden and layers.
MlpOptions parse_mlp(Spec& spec, int default_hidden, int default_layers);
/// "mlp:layers=2,hidden=64", "mlp:hidden=50-100", and those of the others that are not the default.
std::string to_spec(const MlpOptions& options);

}  // namespace tengen::nets
