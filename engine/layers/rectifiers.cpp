#include "engine/layers/rectifiers.hpp"

#include "engine/autograd/ops_activation.hpp"
#include "engine/base/error.hpp"
#include "engine/init/initializers.hpp"

namespace tengen {

Variable LeakyRelu::forward(const Variable& x) { return leaky_relu(x, slope_); }

ParametricRelu::ParametricRelu(std::int64_t channels, double initial_slope)
    : slope_(Tensor::full({channels}, initial_slope), true) {
  register_parameter("slope", slope_);
}

Variable ParametricRelu::forward(const Variable& x) { return prelu(x, slope_); }

RandomizedRelu::RandomizedRelu(Rng rng, double low, double high)
    : rng_(rng), low_(low), high_(high) {
  if (low > high) bad_argument("RandomizedRelu", "expected low <= high, got {} and {}", low, high);
}

Variable RandomizedRelu::forward(const Variable& x) {
  if (!training()) return leaky_relu(x, (low_ + high_) / 2);
  return prelu(x, Variable(random_uniform(x.shape(), low_, high_, rng_).to(x.dtype())));
}

}  // namespace tengen
