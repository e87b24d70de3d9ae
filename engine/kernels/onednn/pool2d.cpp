#include "engine/kernels/onednn/kernels.hpp"
#include "engine/kernels/onednn/primitive.hpp"

namespace tengen::kernels::dnn {

namespace {

using dnnl::prop_kind;
using Dims = dnnl::memory::dims;

dnnl::algorithm algorithm_of(const Pool2dParams& params) {
  return params.kind == Pool2dParams::Kind::max ? dnnl::algorithm::pooling_max
                                                : dnnl::algorithm::pooling_avg_exclude_padding;
}

/// What oneDNN must add below and right so that the last window fits.
Dims padding_after(const Shape& x, const Shape& y, const Pool2dParams& p) {
  const auto missing = [&](int axis) {
    return (y[axis] - 1) * p.stride + p.kernel - x[axis] - p.padding;
  };
  return {missing(1), missing(2)};
}

PreparedPrimitive make_forward(const Shape& x, const Shape& y, const Pool2dParams& p) {
  const dnnl::pooling_forward::primitive_desc description(
      dnnl::pooling_forward::desc(prop_kind::forward_inference, algorithm_of(p), channels_last(x),
                                  channels_last(y), Dims{p.stride, p.stride},
                                  Dims{p.kernel, p.kernel}, Dims{p.padding, p.padding},
                                  padding_after(x, y, p)),
      cpu_engine());
  PreparedPrimitive primitive{dnnl::pooling_forward(description)};
  primitive.add(DNNL_ARG_SRC, channels_last(x));
  primitive.add(DNNL_ARG_DST, channels_last(y));
  return primitive;
}

PrimitiveKey pool_key(const Shape& x, const Pool2dParams& p) {
  return PrimitiveKey(Operation::pool2d)
      .add(x)
      .add(p.kind == Pool2dParams::Kind::max)
      .add(p.kernel)
      .add(p.stride)
      .add(p.padding);
}

}  // namespace

Tensor pool2d(const Tensor& x, const Shape& y_shape, const Pool2dParams& params) {
  Tensor y(y_shape);
  prepared(pool_key(x.shape(), params), [&] {
    return make_forward(x.shape(), y_shape, params);
  }).run({{DNNL_ARG_SRC, x.data()}, {DNNL_ARG_DST, y.data()}});
  return y;
}

}  // namespace tengen::kernels::dnn
