#include "engine/optim/clip_gradient.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/base/vectorised.hpp"

namespace tengen {

namespace {

// Lanes side by side for vector code: a sum has a fixed order, which a compiler must keep.
template <typename T>
double sum_of_squares(std::span<const T> values) {
  constexpr std::size_t kLanes = 16;
  std::array<double, kLanes> sums{};
  run_on(cpu_vector_isa(), [values = values.data(), size = values.size(), out = sums.data()] {
    double lanes[kLanes] = {};
    std::size_t i = 0;
    for (; i + kLanes <= size; i += kLanes)
      for (std::size_t lane = 0; lane < kLanes; ++lane)
        lanes[lane] += double(values[i + lane]) * double(values[i + lane]);
    for (; i < size; ++i) lanes[0] += double(values[i]) * double(values[i]);
    for (std::size_t lane = 0; lane < kLanes; ++lane) out[lane] = lanes[lane];
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

Tensor scaled(const Tensor& grad, double factor) {
  Tensor result(grad.shape(), grad.dtype());
  dispatch_float("clip_gradient_norm", grad.dtype(), [&]<typename T>(T) {
    std::ranges::transform(grad.values<T>(), result.values<T>().begin(),
                           [f = T(factor)](T g) { return g * f; });
  });
  return result;
}

}  // namespace

double gradient_norm(std::span<const NamedParameter> parameters) {
  double total = 0;
  for (const NamedParameter& parameter : parameters) {
    const Tensor& grad = parameter.variable.grad();
    if (!grad.defined()) continue;
    dispatch_float("gradient_norm", grad.dtype(),
                   [&]<typename T>(T) { total += sum_of_squares(grad.values<T>()); });
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
    variable.set_grad(scaled(grad, max_norm / norm));
  }
  return norm;
}

}  // namespace tengen
