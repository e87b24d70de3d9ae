#include <Eigen/Core>

#include "engine/kernels/reference/kernels.hpp"

namespace tengen::kernels::ref {

namespace {
template <typename T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <typename T>
Eigen::Map<const Matrix<T>> as_matrix(const Tensor& tensor) {
  return {tensor.values<T>().data(), tensor.dim(0), tensor.dim(1)};
}
}  // namespace

template <typename T>
Tensor matmul(const Tensor& a, const Tensor& b, bool transpose_a, bool transpose_b) {
  const auto left = as_matrix<T>(a);
  const auto right = as_matrix<T>(b);
  Tensor y({transpose_a ? a.dim(1) : a.dim(0), transpose_b ? b.dim(0) : b.dim(1)}, a.dtype());
  Eigen::Map<Matrix<T>> result(y.values<T>().data(), y.dim(0), y.dim(1));
  if (transpose_a && transpose_b)
    result.noalias() = left.transpose() * right.transpose();
  else if (transpose_a)
    result.noalias() = left.transpose() * right;
  else if (transpose_b)
    result.noalias() = left * right.transpose();
  else
    result.noalias() = left * right;
  return y;
}

template Tensor matmul<float>(const Tensor&, const Tensor&, bool, bool);
template Tensor matmul<double>(const Tensor&, const Tensor&, bool, bool);

}  // namespace tengen::kernels::ref
