// The one gradient check: analytic gradients against central differences, in double, for every
// element of every input or parameter.
//
// A result of any shape is contracted with fixed random weights to a scalar L. The differences are
// of fourth order, (8 (L(x+h) - L(x-h)) - (L(x+2h) - L(x-2h))) / 12 h, so with h = 1e-4 their own
// error is far below the tolerance. Inputs must keep every ReLU and maximum away from its kink by
// more than the change that 2h makes.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/random.hpp"
#include "engine/layers/module.hpp"

namespace tengen::test {

inline constexpr double kGradientTolerance = 1e-6;  // relative error

/// Uniform in [low, high), f64.
inline Tensor uniform_doubles(const Shape& shape, Rng& rng, double low = -1, double high = 1) {
  Tensor tensor(shape, DType::f64);
  for (double& x : tensor.values<double>()) x = rng.uniform(low, high);
  return tensor;
}

/// Random signs, magnitudes in [0.1, 1): never near a ReLU's kink.
inline Tensor random_away_from_zero(const Shape& shape, Rng& rng) {
  Tensor tensor = uniform_doubles(shape, rng, 0.1, 1);
  for (double& x : tensor.values<double>()) x = rng.below(2) == 0 ? x : -x;
  return tensor;
}

/// dL/d(element) by central differences; `element` is what `loss` reads.
inline double central_difference(double& element, const std::function<double()>& loss) {
  constexpr double h = 1e-4;
  const double centre = element;
  const auto at = [&](double offset) {
    element = centre + offset;
    return loss();
  };
  const double near = at(h) - at(-h), far = at(2 * h) - at(-2 * h);
  element = centre;
  return (8 * near - far) / (12 * h);
}

/// The largest relative error found, and where.
struct GradientError {
  double worst = 0;
  std::string where;
};

/// Compares the gradients of `forward()` with respect to `leaves`, which it reads and which are
/// f64.
inline GradientError measure_gradients(const std::function<Variable()>& forward,
                                       std::vector<NamedParameter> leaves) {
  Tensor weights;
  const auto loss = [&] {
    const Variable y = forward();
    Rng rng(20250101);
    if (!weights.defined()) weights = uniform_doubles(y.shape(), rng, 0.5, 1.5);
    return sum(multiply(y, Variable(weights)));
  };
  for (NamedParameter& leaf : leaves) leaf.variable.zero_grad();
  loss().backward();

  double largest = 0;
  for (const NamedParameter& leaf : leaves) {
    INFO(leaf.name);
    REQUIRE(leaf.variable.grad().defined());
    for (double g : leaf.variable.grad().values<double>()) largest = std::max(largest, std::abs(g));
  }
  REQUIRE(largest > 0);

  const NoGrad no_grad;
  GradientError result;
  for (NamedParameter& leaf : leaves) {
    const Tensor grad = leaf.variable.grad();
    const std::span<double> elements = leaf.variable.value().values<double>();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const double analytic = grad.values<double>()[i];
      const double numeric = central_difference(elements[i], [&] { return loss().value().item(); });
      // An element whose gradient is tiny beside the others' is held to their scale.
      const double scale = std::max({std::abs(analytic), std::abs(numeric), 1e-3 * largest});
      const double error = std::abs(analytic - numeric) / scale;
      REQUIRE(std::isfinite(error));
      if (error <= result.worst) continue;
      result = {error, leaf.name + " element " + std::to_string(i) + ": analytic " +
                           std::to_string(analytic) + ", numeric " + std::to_string(numeric)};
    }
  }
  return result;
}

inline void check_gradients(const std::function<Variable()>& forward,
                            std::vector<NamedParameter> leaves) {
  const GradientError error = measure_gradients(forward, std::move(leaves));
  INFO(error.where);
  CHECK(error.worst <= kGradientTolerance);
}

/// The same for an op: a function of a list of inputs.
inline void check_gradients(const std::function<Variable(const std::vector<Variable>&)>& function,
                            const std::vector<Tensor>& inputs) {
  std::vector<Variable> variables;
  std::vector<NamedParameter> leaves;
  for (const Tensor& input : inputs) {
    variables.emplace_back(input.clone(), true);
    leaves.push_back({"input " + std::to_string(leaves.size()), variables.back()});
  }
  check_gradients([&] { return function(variables); }, leaves);
}

/// The same for a module: its parameters and its input. Converts the module to f64.
inline void check_module_gradients(Module& module,
                                   const std::function<Variable(const Variable&)>& forward,
                                   const Tensor& input) {
  module.to(DType::f64);
  const Variable x(input.clone(), true);
  std::vector<NamedParameter> leaves = module.parameters();
  leaves.push_back({"input", x});
  check_gradients([&] { return forward(x); }, std::move(leaves));
}

inline void check_layer_gradients(Layer& layer, const Tensor& input) {
  check_module_gradients(
      layer, [&](const Variable& x) { return layer.forward(x); }, input);
}

}  // namespace tengen::test
