#include "engine/optim/clip_gradient.hpp"

#include <cmath>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

double gradient_norm(std::span<const NamedParameter> parameters) {
  double total = 0;
  for (const NamedParameter& parameter : parameters) {
    const Tensor& grad = parameter.variable.grad();
    if (!grad.defined()) continue;
    dispatch_float("gradient_norm", grad.dtype(), [&]<typename T>(T) {
      for (T g : grad.values<T>()) total += double(g) * double(g);
    });
  }
  return std::sqrt(total);
}

// New tensors instead of scaling in place: two gradients may share their storage.
double clip_gradient_norm(std::span<const NamedParameter> parameters, double max_norm) {
  if (max_norm <= 0)
    bad_argument("clip_gradient_norm", "expected a positive max_norm, got {}", max_norm);
  const double norm = gradient_norm(parameters);
  if (!(norm > max_norm)) return norm;
  for (const NamedParameter& parameter : parameters) {
    Variable variable = parameter.variable;
    const Tensor& grad = variable.grad();
    if (!grad.defined()) continue;
    const Tensor factor = Tensor::full(Shape(), max_norm / norm, grad.dtype());
    variable.set_grad(
        kernels::default_for(grad.dtype()).binary(kernels::Binary::multiply, grad, factor));
  }
  return norm;
}

}  // namespace tengen
