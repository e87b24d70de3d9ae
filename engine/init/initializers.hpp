// Initial weights, as functions of a shape, the fans and a passed generator.
//
// The fan-in of a weight is the number of inputs that each output sums over (kh kw in/groups for a
// convolution), the fan-out the number of outputs that each input feeds. Numbers are drawn in
// row-major order, so the weights depend on the seed alone, not on threads or backends.
#pragma once

#include "engine/base/random.hpp"
#include "engine/tensor/tensor.hpp"

namespace tengen {

/// N(0, deviation^2), fp32.
Tensor random_normal(const Shape& shape, double deviation, Rng& rng);
/// Uniform in [low, high), fp32.
Tensor random_uniform(const Shape& shape, double low, double high, Rng& rng);

/// N(0, 2 / fan_in): keeps the variance through ReLU layers (He et al. 2015, eq. 10).
Tensor he_normal(const Shape& shape, std::int64_t fan_in, Rng& rng);
/// Uniform with variance 2 / (fan_in + fan_out): for tanh and linear outputs (Glorot and Bengio
/// 2010, eq. 16).
Tensor xavier_uniform(const Shape& shape, std::int64_t fan_in, std::int64_t fan_out, Rng& rng);

/// A random matrix with orthonormal rows (columns, where it has more rows), times `gain`: keeps the
/// length of what passes through it (Saxe, McClelland and Ganguli 2014). The shape, of rank 2 or
/// more, is read as [first dimension, the rest].
Tensor orthogonal(const Shape& shape, double gain, Rng& rng);

}  // namespace tengen
