#include "engine/autograd/ops_softmax.hpp"

#include "engine/autograd/row_sums.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen {

using kernels::Binary;

// dx = y (dy - sum(dy y)), the sum over each row.
Variable softmax(const Variable& x) {
  const kernels::Backend& backend = kernels::default_for(x.dtype());
  const Tensor y = backend.softmax(x.value());
  return Variable::make(y, {x}, [&backend, y](const Tensor& dy) {
    const Tensor product = backend.binary(Binary::multiply, dy, y);
    const Tensor sums = spread_rows(row_sums(product), y.shape());
    return std::vector<Tensor>{
        backend.binary(Binary::subtract, product, backend.binary(Binary::multiply, sums, y))};
  });
}

// dx = dy - exp(y) sum(dy), the sum over each row.
Variable log_softmax(const Variable& x) {
  const kernels::Backend& backend = kernels::default_for(x.dtype());
  const Tensor y = backend.log_softmax(x.value());
  return Variable::make(y, {x}, [&backend, y](const Tensor& dy) {
    const Tensor probability = backend.unary(kernels::Unary::exp, y);
    const Tensor sums = spread_rows(row_sums(dy), y.shape());
    return std::vector<Tensor>{
        backend.binary(Binary::subtract, dy, backend.binary(Binary::multiply, sums, probability))};
  });
}

}  // namespace tengen
