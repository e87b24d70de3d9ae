#include "engine/autograd/ops_shape.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/row_sums.hpp"
#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

Variable reshape(const Variable& x, const Shape& shape) {
  return Variable::make(x.value().reshape(shape), {x}, [from = x.shape()](const Tensor& dy) {
    return std::vector<Tensor>{dy.reshape(from)};
  });
}

Variable cast(const Variable& x, DType dtype) {
  return Variable::make(kernels::cast(x.value(), dtype), {x}, [from = x.dtype()](const Tensor& dy) {
    return std::vector<Tensor>{kernels::cast(dy, from)};
  });
}

Variable full_precision(const Variable& x) {
  return x.dtype() == DType::bf16 ? cast(x, DType::f32) : x;
}

Variable sum(const Variable& x) {
  Tensor y = kernels::default_for(x.dtype()).sum_to(x.value(), Shape());
  return Variable::make(std::move(y), {x}, [shape = x.shape()](const Tensor& dy) {
    return std::vector<Tensor>{Tensor::full(shape, dy.item(), dy.dtype())};
  });
}

Variable mean(const Variable& x) { return scale(sum(x), 1.0 / double(x.value().size())); }

Variable sum_last_axis(const Variable& x) {
  const Shape& shape = x.shape();
  if (shape.rank() == 0) bad_argument("sum_last_axis", "expected at least one axis, got a scalar");
  const Shape rows(shape.dims().first(shape.rank() - 1));
  return Variable::make(row_sums(x.value()).reshape(rows), {x}, [shape](const Tensor& dy) {
    return std::vector<Tensor>{spread_rows(dy, shape)};
  });
}

}  // namespace tengen
