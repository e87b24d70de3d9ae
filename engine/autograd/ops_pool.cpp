#include "engine/autograd/ops_pool.hpp"

namespace tengen {

Variable pool2d(const Variable& x, const kernels::Pool2dParams& params) {
  const kernels::Backend& backend = kernels::default_for(x.dtype());
  return Variable::make(backend.pool2d(x.value(), params), {x},
                        [&backend, x = x.value(), params](const Tensor& dy) {
                          return std::vector<Tensor>{backend.pool2d_backward(dy, x, params)};
                        });
}

}  // namespace tengen
