#include "engine/autograd/row_sums.hpp"

#include "engine/kernels/backend.hpp"

namespace tengen {

namespace {

Tensor ones(std::int64_t rows, std::int64_t columns, DType dtype) {
  return Tensor::full({rows, columns}, 1.0, dtype);
}

}  // namespace

Tensor row_sums(const Tensor& x) {
  const std::int64_t k = x.dim(-1);
  const std::int64_t rows = Shape(x.shape().dims().first(x.shape().rank() - 1)).size();
  return kernels::default_for(x.dtype()).matmul(x.reshape({rows, k}), ones(k, 1, x.dtype()));
}

Tensor spread_rows(const Tensor& rows, const Shape& shape) {
  const Tensor column = rows.reshape({rows.size(), 1});
  return kernels::default_for(rows.dtype())
      .matmul(column, ones(1, shape[-1], rows.dtype()))
      .reshape(shape);
}

}  // namespace tengen
