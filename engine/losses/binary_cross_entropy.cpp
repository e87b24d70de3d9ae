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

// -t log y - (1 - t) log(1 - y) = log(1 + exp(x)) - t x.
Variable of_each(const Variable& logits, const Tensor& targets) {
  if (logits.shape() != targets.shape())
    bad_argument("binary_cross_entropy", "expected targets of shape {}, got {}",
                 to_string(logits.shape()), to_string(targets.shape()));
  return subtract(softplus(logits), multiply(logits, Variable(targets)));
}

}  // namespace

Variable binary_cross_entropy(const Variable& logits, const Tensor& targets) {
  return mean(of_each(logits, targets));
}

Variable weighted_binary_cross_entropy(const Variable& logits, const Tensor& targets,
                                       const Tensor& weights) {
  if (weights.shape() != targets.shape())
    bad_argument("weighted_binary_cross_entropy", "expected weights of shape {}, got {}",
                 to_string(targets.shape()), to_string(weights.shape()));
  return sum(multiply(of_each(logits, targets), Variable(weights)));
}

}  // namespace tengen
