#include "engine/init/initializers.hpp"

#include <cmath>

#include "engine/base/error.hpp"

namespace tengen {

namespace {

void check_fan(const char* where, std::int64_t fan) {
  if (fan < 1) bad_argument(where, "expected a positive fan, got {}", fan);
}

}  // namespace

Tensor random_normal(const Shape& shape, double deviation, Rng& rng) {
  Tensor result(shape);
  for (float& x : result.values<float>()) x = static_cast<float>(deviation * rng.normal());
  return result;
}

Tensor random_uniform(const Shape& shape, double low, double high, Rng& rng) {
  Tensor result(shape);
  for (float& x : result.values<float>()) x = static_cast<float>(rng.uniform(low, high));
  return result;
}

Tensor he_normal(const Shape& shape, std::int64_t fan_in, Rng& rng) {
  check_fan("he_normal", fan_in);
  return random_normal(shape, std::sqrt(2.0 / double(fan_in)), rng);
}

// A uniform distribution on [-b, b] has variance b^2 / 3.
Tensor xavier_uniform(const Shape& shape, std::int64_t fan_in, std::int64_t fan_out, Rng& rng) {
  check_fan("xavier_uniform", fan_in);
  check_fan("xavier_uniform", fan_out);
  const double bound = std::sqrt(6.0 / double(fan_in + fan_out));
  return random_uniform(shape, -bound, bound, rng);
}

}  // namespace tengen
