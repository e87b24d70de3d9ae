#include "selfplay/policy_gradient/natural_gradient.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"

namespace tengen::selfplay {

namespace {

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// y += factor x.
void add_scaled(std::vector<double>& y, double factor, std::span<const double> x) {
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += factor * x[i];
}

/// All gradients as one vector; 0 where there is none.
std::vector<double> gradients_of(const ActorCritic& net) {
  std::vector<double> all;
  for (const NamedParameter& parameter : net.parameters()) {
    const Tensor& gradient = parameter.variable.grad();
    const std::size_t size = parameter.variable.value().size();
    if (gradient.defined())
      std::ranges::copy(gradient.values<float>(), std::back_inserter(all));
    else
      all.resize(all.size() + size);
  }
  return all;
}

/// `numbers` cut into tensors of the shapes of the net's parameters.
std::vector<Tensor> shaped_like(const ActorCritic& net, std::span<const double> numbers) {
  std::vector<Tensor> tensors;
  for (const NamedParameter& parameter : net.parameters()) {
    Tensor& tensor = tensors.emplace_back(parameter.variable.shape());
    const std::size_t size = tensor.size();
    std::ranges::transform(numbers.first(size), tensor.values<float>().begin(),
                           [](double x) { return static_cast<float>(x); });
    numbers = numbers.subspan(size);
  }
  return tensors;
}

}  // namespace

std::vector<double> conjugate_gradient(
    const std::function<std::vector<double>(std::span<const double>)>& product,
    std::span<const double> b, int iterations, double tolerance) {
  std::vector<double> x(b.size()), residual(b.begin(), b.end()), direction = residual;
  double left = dot(residual, residual);
  const double enough = tolerance * tolerance * left;
  for (int i = 0; i < iterations && left > enough; ++i) {
    const std::vector<double> image = product(direction);
    const double step = left / dot(direction, image);
    add_scaled(x, step, direction);
    add_scaled(residual, -step, image);
    const double now = dot(residual, residual);
    for (std::size_t k = 0; k < direction.size(); ++k)
      direction[k] = residual[k] + now / left * direction[k];
    left = now;
  }
  return x;
}

std::vector<double> fisher_product(ActorCritic& net, const Distribution& distribution,
                                   const Tensor& observations, std::span<const std::uint8_t> masks,
                                   std::span<const double> v) {
  const std::int64_t rows = observations.shape()[0];
  const std::size_t width = distribution.parameters(), choices = masks.size() / rows;
  const Tensor change = net.tangent(observations, shaped_like(net, v));  // J v
  const Variable parameters =
      net.forward({Variable(observations), 1, static_cast<int>(rows), {}, {}}).parameters;
  Tensor seed(parameters.shape());  // M J v / N
  for (std::int64_t i = 0; i < rows; ++i)
    distribution.fisher(parameters.value().values<float>().subspan(i * width, width),
                        masks.subspan(i * choices, choices),
                        change.values<float>().subspan(i * width, width),
                        seed.values<float>().subspan(i * width, width));
  for (float& x : seed.values<float>()) x /= static_cast<float>(rows);
  net.zero_grad();
  sum(multiply(parameters, Variable(seed))).backward();
  std::vector<double> result = gradients_of(net);
  net.zero_grad();
  return result;
}

void natural_step(ActorCritic& net, const Distribution& distribution, const Tensor& observations,
                  std::span<const std::uint8_t> masks, const NaturalStepOptions& options) {
  const std::vector<double> gradient = gradients_of(net);
  const auto product = [&](std::span<const double> v) {
    std::vector<double> image = fisher_product(net, distribution, observations, masks, v);
    add_scaled(image, options.damping, v);
    return image;
  };
  const std::vector<double> d =
      conjugate_gradient(product, gradient, options.iterations, options.tolerance);
  const double length = dot(d, product(d));
  if (!(length > 0)) return;
  const std::vector<Tensor> step = shaped_like(net, d);
  const double factor = std::sqrt(2 * options.delta / length);
  std::size_t i = 0;
  for (NamedParameter parameter : net.parameters()) {
    const auto change = step[i++].values<float>();
    const auto values = parameter.variable.value().values<float>();
    for (std::size_t k = 0; k < values.size(); ++k)
      values[k] -= static_cast<float>(factor * change[k]);
  }
}

}  // namespace tengen::selfplay
