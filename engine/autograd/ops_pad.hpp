// Differentiable padding with zeros.
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

/// Adds `before` and `after` zeros (each at least 0) along `axis`; negative axes count from the
/// end. [N, T, C] at axis 1 -> [N, before + T + after, C].
Variable pad(const Variable& x, int axis, std::int64_t before, std::int64_t after);

}  // namespace tengen
