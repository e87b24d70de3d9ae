#include "engine/losses/half_squared_error.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"

namespace tengen {

Variable half_squared_error(const Variable& prediction, const Tensor& target) {
  if (prediction.shape() != target.shape())
    bad_argument("half_squared_error", "expected a target of shape {}, got {}",
                 to_string(prediction.shape()), to_string(target.shape()));
  return scale(sum(square(subtract(prediction, Variable(target)))), 0.5);
}

}  // namespace tengen
