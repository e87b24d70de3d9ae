#include "engine/losses/cross_entropy.hpp"

#include <algorithm>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"

namespace tengen {

Variable cross_entropy(const Variable& probabilities, const Tensor& targets, double floor) {
  const Shape& shape = probabilities.shape();
  if (shape.rank() != 2 || targets.shape() != shape)
    bad_argument("cross_entropy",
                 "expected probabilities and targets of one shape [N, A], got {} and {}",
                 to_string(shape), to_string(targets.shape()));
  const Variable raised =
      add(probabilities, Variable(Tensor::full(Shape(), floor, probabilities.dtype())));
  return scale(sum(multiply(log(raised), Variable(targets))), -1.0 / double(shape[0]));
}

Tensor smooth_labels(const Tensor& targets, double epsilon) {
  if (!(epsilon >= 0 && epsilon <= 1))
    bad_argument("smooth_labels", "expected epsilon in [0, 1], got {}", epsilon);
  if (epsilon == 0) return targets;
  Tensor result(targets.shape(), targets.dtype());
  const double floor = epsilon / double(targets.dim(-1));
  dispatch_float("smooth_labels", targets.dtype(), [&]<typename T>(T) {
    std::ranges::transform(targets.values<T>(), result.values<T>().begin(),
                           [=](T target) { return T((1 - epsilon) * target + floor); });
  });
  return result;
}

}  // namespace tengen
