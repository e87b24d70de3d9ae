// Clipping of the gradient's norm (Pascanu, Mikolov and Bengio 2013, algorithm 1).
#pragma once

#include <span>

#include "engine/layers/module.hpp"

namespace tengen {

/// The Euclidean norm of all gradients taken as one vector. Parameters without one count as zero.
double gradient_norm(std::span<const NamedParameter> parameters);

/// Scales all gradients by max_norm / norm if the norm exceeds max_norm > 0. Returns the norm
/// before.
double clip_gradient_norm(std::span<const NamedParameter> parameters, double max_norm);

}  // namespace tengen
