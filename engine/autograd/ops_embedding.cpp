#include "engine/autograd/ops_embedding.hpp"

#include <algorithm>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/base/error.hpp"

namespace tengen {

namespace {

void check_index(const char* where, std::int32_t index, std::int64_t count) {
  if (index < 0 || index >= count)
    bad_argument(where, "expected indices from 0 to {}, got {}", count - 1, index);
}

Shape with_last_axis(const Shape& shape, std::int64_t size) {
  std::vector<std::int64_t> dims(shape.dims().begin(), shape.dims().end());
  dims.push_back(size);
  return Shape(std::span<const std::int64_t>(dims));
}

template <typename T>
Tensor gather_rows(const Tensor& table, const Tensor& indices) {
  const std::size_t width = std::size_t(table.dim(1));
  Tensor y(with_last_axis(indices.shape(), table.dim(1)), table.dtype());
  auto out = y.values<T>().begin();
  for (std::int32_t index : indices.values<std::int32_t>())
    out = std::ranges::copy(table.values<T>().subspan(std::size_t(index) * width, width), out).out;
  return y;
}

/// The adjoint of gather_rows: adds each row of dy to the row of the table it came from.
template <typename T>
Tensor scatter_rows(const Tensor& dy, const Tensor& indices, const Shape& table_shape) {
  const std::size_t width = std::size_t(table_shape[1]);
  Tensor table = Tensor::zeros(table_shape, dy.dtype());
  const T* from = dy.values<T>().data();
  for (std::int32_t index : indices.values<std::int32_t>()) {
    T* to = table.values<T>().data() + std::size_t(index) * width;
    for (std::size_t i = 0; i < width; ++i) to[i] += from[i];
    from += width;
  }
  return table;
}

}  // namespace

Variable embedding(const Variable& table, const Tensor& indices) {
  const Shape shape = table.shape();
  if (shape.rank() != 2)
    bad_argument("embedding", "expected a table [V, D], got shape {}", to_string(shape));
  for (std::int32_t index : indices.values<std::int32_t>())
    check_index("embedding", index, shape[0]);
  return dispatch_float("embedding", table.dtype(), [&]<typename T>(T) {
    return Variable::make(gather_rows<T>(table.value(), indices), {table},
                          [indices = indices.clone(), shape](const Tensor& dy) {
                            return std::vector<Tensor>{scatter_rows<T>(dy, indices, shape)};
                          });
  });
}

Tensor one_hot(const Tensor& indices, std::int64_t classes, DType dtype, int ignored) {
  Tensor y = Tensor::zeros(with_last_axis(indices.shape(), classes), dtype);
  dispatch_float("one_hot", dtype, [&]<typename T>(T) {
    std::size_t row = 0;
    for (std::int32_t index : indices.values<std::int32_t>()) {
      if (index != ignored) {
        check_index("one_hot", index, classes);
        y.values<T>()[row + std::size_t(index)] = T(1);
      }
      row += std::size_t(classes);
    }
  });
  return y;
}

}  // namespace tengen
