#include "engine/layers/pool2d.hpp"

#include "engine/autograd/ops_global_pool.hpp"
#include "engine/autograd/ops_pool.hpp"

namespace tengen {

Variable Pool2d::forward(const Variable& x) { return pool2d(x, params_); }

Variable GlobalPool::forward(const Variable& x) {
  return kind_ == kernels::Pool2dParams::Kind::max ? global_max_pool(x) : global_average_pool(x);
}

}  // namespace tengen
