// Where a NaN or an infinity came from: for the message of a training that diverged.
#pragma once

#include <span>
#include <string>

#include "engine/layers/module.hpp"

namespace tengen {

/// Looks through the graph that `result` was computed from for the first value that is not finite
/// although all that it was computed from is, and names it by the layer it belongs to: "layer
/// trunk.0.conv1", "an operation after layer trunk.0.conv1", "parameter fc.weight" or "the input".
/// `parameters` names the leaves. Empty if every value is finite. The graph must still be there;
/// backward() does not change it.
std::string first_non_finite(const Variable& result, std::span<const NamedParameter> parameters);

/// Every element is finite (f32 and f64; other types are taken to be).
bool is_finite(const Tensor& tensor);

}  // namespace tengen
