#include "engine/losses/mean_squared_error.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"

namespace tengen {

Variable mean_squared_error(const Variable& prediction, const Tensor& target) {
  if (prediction.shape() != target.shape())
    bad_argument("mean_squared_error", "expected a target of shape {}, got {}",
                 to_string(prediction.shape()), to_string(target.shape()));
  return mean(square(subtract(prediction, Variable(target))));
}

}  // namespace tengen
