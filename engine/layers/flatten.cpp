#include "engine/layers/flatten.hpp"

#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"

namespace tengen {

Variable Flatten::forward(const Variable& x) {
  const Shape& shape = x.shape();
  if (shape.rank() < 1) bad_argument("Flatten", "expected [N, ...], got a scalar");
  return reshape(x, {shape[0], Shape(shape.dims().subspan(1)).size()});
}

}  // namespace tengen
