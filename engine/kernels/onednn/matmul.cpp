#include "engine/kernels/check_shapes.hpp"
#include "engine/kernels/onednn/kernels.hpp"
#include "engine/kernels/onednn/primitive.hpp"

namespace tengen::kernels::dnn {

namespace {

/// The factor as the product sees it: a stored transpose is a matter of strides.
dnnl::memory::desc factor(const Shape& stored, bool transposed) {
  dnnl::memory::dims dims(stored.dims().begin(), stored.dims().end());
  const std::int64_t rows = stored[-2], columns = stored[-1];
  dnnl::memory::dims strides = {columns, 1};
  if (stored.rank() == 3) strides.insert(strides.begin(), rows * columns);
  if (transposed) {
    std::swap(dims.end()[-2], dims.end()[-1]);
    std::swap(strides.end()[-2], strides.end()[-1]);
  }
  return strided(dims, strides);
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b, bool transpose_a, bool transpose_b) {
  Tensor y(check_matmul(a, b, transpose_a, transpose_b));
  const auto key = PrimitiveKey(Operation::matmul)
                       .add(a.shape())
                       .add(b.shape())
                       .add(transpose_a)
                       .add(transpose_b);
  prepared(key, [&] {
    const auto left = factor(a.shape(), transpose_a);
    const auto right = factor(b.shape(), transpose_b);
    const auto result = factor(y.shape(), false);
    PreparedPrimitive primitive(
        dnnl::matmul({dnnl::matmul::desc(left, right, result), cpu_engine()}));
    primitive.add(DNNL_ARG_SRC, left);
    primitive.add(DNNL_ARG_WEIGHTS, right);
    primitive.add(DNNL_ARG_DST, result);
    return primitive;
  }).run({{DNNL_ARG_SRC, a.data()}, {DNNL_ARG_WEIGHTS, b.data()}, {DNNL_ARG_DST, y.data()}});
  return y;
}

}  // namespace tengen::kernels::dnn
