#include <Eigen/Core>

#include "engine/kernels/check_shapes.hpp"
#include "engine/kernels/reference/kernels.hpp"

namespace tengen::kernels::ref {

namespace {

template <typename T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Matrix `index` of a batch.
template <typename T>
Eigen::Map<const Matrix<T>> matrix_of(const Tensor& tensor, std::int64_t index) {
  const std::int64_t rows = tensor.dim(-2), columns = tensor.dim(-1);
  return {tensor.values<T>().data() + index * rows * columns, rows, columns};
}

template <typename Left, typename Right, typename Result>
void multiply(const Left& left, const Right& right, bool transpose_a, bool transpose_b,
              Result&& result) {
  if (transpose_a && transpose_b)
    result.noalias() = left.transpose() * right.transpose();
  else if (transpose_a)
    result.noalias() = left.transpose() * right;
  else if (transpose_b)
    result.noalias() = left * right.transpose();
  else
    result.noalias() = left * right;
}

}  // namespace

template <typename T>
Tensor matmul(const Tensor& a, const Tensor& b, bool transpose_a, bool transpose_b) {
  Tensor y(check_matmul(a, b, transpose_a, transpose_b), a.dtype());
  const std::int64_t rows = y.dim(-2), columns = y.dim(-1);
  const std::int64_t batch = y.shape().rank() == 3 ? y.dim(0) : 1;
  for (std::int64_t i = 0; i < batch; ++i)
    multiply(matrix_of<T>(a, i), matrix_of<T>(b, i), transpose_a, transpose_b,
             Eigen::Map<Matrix<T>>(y.values<T>().data() + i * rows * columns, rows, columns));
  return y;
}

template Tensor matmul<float>(const Tensor&, const Tensor&, bool, bool);
template Tensor matmul<double>(const Tensor&, const Tensor&, bool, bool);

}  // namespace tengen::kernels::ref
