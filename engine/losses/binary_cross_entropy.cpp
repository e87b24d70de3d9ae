#include "engine/losses/binary_cross_entropy.hpp"

#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/autograd/pointwise.hpp"

namespace tengen {

namespace {

/// log(1 + exp(x)) without overflow; its derivative is the sigmoid.
Variable softplus(const Variable& x) {
  return pointwise(
      "binary_cross_entropy", x,
      [](auto v) { return (v > 0 ? v : decltype(v)(0)) + std::log1p(std::exp(-std::abs(v))); },
      [](auto v) { return 1 / (1 + std::exp(-v)); });
}

}  // namespace

// -t log y - (1 - t) log(1 - y) = log(1 + exp(x)) - t x.
Variable binary_cross_entropy(const Variable& logits, const Tensor& targets) {
  if (logits.shape() != targets.shape())
    bad_argument("binary_cross_entropy", "expected targets of shape {}, got {}",
                 to_string(logits.shape()), to_string(targets.shape()));
  return mean(subtract(softplus(logits), multiply(logits, Variable(targets))));
}

}  // namespace tengen
