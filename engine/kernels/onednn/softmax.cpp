#include "engine/kernels/onednn/kernels.hpp"
#include "engine/kernels/onednn/primitive.hpp"

namespace tengen::kernels::dnn {

namespace {

/// dnnl::softmax_forward or dnnl::logsoftmax_forward, over the last axis.
template <typename Primitive>
Tensor over_rows(Operation operation, const Tensor& x) {
  const std::int64_t columns = x.dim(-1), rows = x.size() / columns;
  Tensor y(x.shape());
  prepared(PrimitiveKey(operation).add(rows).add(columns), [&] {
    const auto layout = matrix(rows, columns);
    PreparedPrimitive primitive{Primitive(typename Primitive::primitive_desc(
        typename Primitive::desc(dnnl::prop_kind::forward_inference, layout, 1), cpu_engine()))};
    primitive.add(DNNL_ARG_SRC, layout);
    primitive.add(DNNL_ARG_DST, layout);
    return primitive;
  }).run({{DNNL_ARG_SRC, x.data()}, {DNNL_ARG_DST, y.data()}});
  return y;
}

}  // namespace

Tensor softmax(const Tensor& x) { return over_rows<dnnl::softmax_forward>(Operation::softmax, x); }

Tensor log_softmax(const Tensor& x) {
  return over_rows<dnnl::logsoftmax_forward>(Operation::log_softmax, x);
}

}  // namespace tengen::kernels::dnn
