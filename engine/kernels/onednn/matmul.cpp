#include "engine/kernels/onednn/kernels.hpp"
#include "engine/kernels/onednn/primitive.hpp"

namespace tengen::kernels::dnn {

namespace {

/// The factor as the product sees it: a stored transpose is a matter of strides.
dnnl::memory::desc factor(const Shape& stored, bool transposed) {
  return transposed ? strided({stored[1], stored[0]}, {1, stored[1]})
                    : matrix(stored[0], stored[1]);
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b, bool transpose_a, bool transpose_b) {
  Tensor y({a.dim(transpose_a ? 1 : 0), b.dim(transpose_b ? 0 : 1)});
  const auto key = PrimitiveKey(Operation::matmul)
                       .add(a.shape())
                       .add(b.shape())
                       .add(transpose_a)
                       .add(transpose_b);
  prepared(key, [&] {
    const auto left = factor(a.shape(), transpose_a);
    const auto right = factor(b.shape(), transpose_b);
    const auto result = matrix(y.dim(0), y.dim(1));
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
