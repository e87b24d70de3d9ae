#include "engine/base/random.hpp"

#include <cmath>
#include <numbers>

#include "engine/base/check.hpp"

namespace tengen {

double Rng::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

double Rng::gamma(double shape) {
  DCHECK(shape > 0);
  if (shape < 1) return gamma(shape + 1) * std::pow(1.0 - uniform(), 1.0 / shape);
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  while (true) {
    const double x = normal();
    const double v = std::pow(1.0 + c * x, 3);
    if (v > 0 && std::log(1.0 - uniform()) < 0.5 * x * x + d - d * v + d * std::log(v))
      return d * v;
  }
}

void Rng::dirichlet(double alpha, std::span<float> out) {
  double sum = 0;
  for (float& x : out) sum += x = static_cast<float>(gamma(alpha));
  // With a tiny alpha every gamma draw may underflow: then the mass goes to one random corner.
  if (sum <= 0) {
    out[below(static_cast<std::uint32_t>(out.size()))] = 1.0f;
    return;
  }
  for (float& x : out) x = static_cast<float>(x / sum);
}

std::size_t Rng::categorical(std::span<const float> weights) {
  double total = 0;
  for (float w : weights) total += w;
  double mark = uniform() * total;
  std::size_t last_positive = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    if ((mark -= weights[i]) < 0) return i;
    last_positive = i;
  }
  return last_positive;
}

}  // namespace tengen
