#include "engine/init/chrono.hpp"

#include <cmath>

#include "engine/base/error.hpp"
#include "engine/init/initializers.hpp"

namespace tengen {

Tensor chrono_bias(const Shape& shape, double longest, Rng& rng) {
  if (!(longest >= 2)) bad_argument("chrono_bias", "expected 2 steps or more, got {}", longest);
  Tensor bias = random_uniform(shape, 1, longest - 1, rng);
  for (float& x : bias.values<float>()) x = std::log(x);
  return bias;
}

}  // namespace tengen
