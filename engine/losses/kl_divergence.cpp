#include "engine/losses/kl_divergence.hpp"

#include <cmath>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/losses/softmax_cross_entropy.hpp"

namespace tengen {

namespace {

/// Sum of p log p over all elements, 0 where p is 0.
double negative_entropy(const Tensor& probabilities) {
  double total = 0;
  dispatch_float("kl_divergence", probabilities.dtype(), [&]<typename T>(T) {
    for (T p : probabilities.values<T>())
      if (p > 0) total += double(p) * std::log(double(p));
  });
  return total;
}

}  // namespace

Variable kl_divergence(const Variable& logits, const Tensor& targets) {
  const Variable cross = softmax_cross_entropy(logits, targets);  // checks the shapes
  const double constant = negative_entropy(targets) / double(targets.dim(0));
  return add(cross, Variable(Tensor::full(Shape(), constant, logits.dtype())));
}

}  // namespace tengen
