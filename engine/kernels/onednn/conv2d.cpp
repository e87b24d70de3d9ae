// Convolutions on plain channels-last images, f32 or bf16; the weight is f32 with the caller, and
// packed into the layout and precision of oneDNN's choice on every call (a small cost beside the
// convolution of a training batch). Sums are f32 throughout. Where Winograd's filtering is faster,
// it takes the place of oneDNN's convolution and of its gradient with respect to the input.
#include "engine/kernels/onednn/kernels.hpp"
#include "engine/kernels/onednn/primitive.hpp"
#include "engine/kernels/winograd/training.hpp"

namespace tengen::kernels::dnn {

namespace {

using dnnl::algorithm;
using dnnl::prop_kind;
using Dims = dnnl::memory::dims;
using Desc = dnnl::memory::desc;

/// The layouts of one convolution's tensors, and the weight's with the layout left open.
struct Layouts {
  Layouts(const Shape& x_shape, const Shape& weight_shape, const Shape& y_shape,
          const Conv2dParams& p, DType images)
      : x(channels_last(x_shape, images)),
        y(channels_last(y_shape, images)),
        bias({weight_shape[0]}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::a),
        params(p) {
    const std::int64_t in = weight_shape[3], width = weight_shape[2] * in,
                       filter = weight_shape[1] * width;
    Dims dims = {weight_shape[0] / p.groups, in, weight_shape[1], weight_shape[2]};
    Dims strides = {filter, 1, width, in};
    if (p.groups > 1) {
      dims.insert(dims.begin(), p.groups);
      strides.insert(strides.begin(), weight_shape[0] / p.groups * filter);
    }
    weight = strided(dims, strides);
    packed_weight = Desc(dims, dnnl_type(images), dnnl::memory::format_tag::any);
    packed_gradient = Desc(dims, dnnl::memory::data_type::f32, dnnl::memory::format_tag::any);
  }

  Dims stride() const { return {params.stride, params.stride}; }
  Dims dilation() const { return {params.dilation - 1, params.dilation - 1}; }  // 0: dense
  Dims padding() const { return {params.padding, params.padding}; }

  dnnl::convolution_forward::primitive_desc forward(bool with_bias) const {
    return {dnnl::convolution_forward::desc(
                prop_kind::forward_training, algorithm::convolution_direct, x, packed_weight,
                with_bias ? bias : Desc(), y, stride(), dilation(), padding(), padding()),
            cpu_engine()};
  }

  Desc x, y, bias, weight, packed_weight, packed_gradient;
  Conv2dParams params;
};

PrimitiveKey conv_key(Operation operation, const Shape& x, const Shape& weight,
                      const Conv2dParams& p, DType images, bool with_bias = false) {
  return PrimitiveKey(operation)
      .add(static_cast<std::int64_t>(images))
      .add(x)
      .add(weight)
      .add(p.stride)
      .add(p.padding)
      .add(p.dilation)
      .add(p.groups)
      .add(with_bias);
}

PreparedPrimitive make_forward(const Layouts& layouts, bool with_bias) {
  const auto description = layouts.forward(with_bias);
  PreparedPrimitive primitive{dnnl::convolution_forward(description)};
  primitive.add(DNNL_ARG_SRC, layouts.x);
  primitive.add_input(DNNL_ARG_WEIGHTS, layouts.weight, description.weights_desc());
  if (with_bias) primitive.add(DNNL_ARG_BIAS, layouts.bias);
  primitive.add(DNNL_ARG_DST, layouts.y);
  return primitive;
}

PreparedPrimitive make_backward_data(const Layouts& layouts) {
  const dnnl::convolution_backward_data::primitive_desc description(
      dnnl::convolution_backward_data::desc(
          algorithm::convolution_direct, layouts.x, layouts.packed_weight, layouts.y,
          layouts.stride(), layouts.dilation(), layouts.padding(), layouts.padding()),
      cpu_engine(), layouts.forward(false));
  PreparedPrimitive primitive{dnnl::convolution_backward_data(description)};
  primitive.add(DNNL_ARG_DIFF_DST, layouts.y);
  primitive.add_input(DNNL_ARG_WEIGHTS, layouts.weight, description.weights_desc());
  primitive.add(DNNL_ARG_DIFF_SRC, layouts.x);
  return primitive;
}

PreparedPrimitive make_backward_weight(const Layouts& layouts) {
  const dnnl::convolution_backward_weights::primitive_desc description(
      dnnl::convolution_backward_weights::desc(
          algorithm::convolution_direct, layouts.x, layouts.packed_gradient, layouts.y,
          layouts.stride(), layouts.dilation(), layouts.padding(), layouts.padding()),
      cpu_engine(), layouts.forward(false));
  PreparedPrimitive primitive{dnnl::convolution_backward_weights(description)};
  primitive.add(DNNL_ARG_SRC, layouts.x);
  primitive.add(DNNL_ARG_DIFF_DST, layouts.y);
  primitive.add_output(DNNL_ARG_DIFF_WEIGHTS, layouts.weight, description.diff_weights_desc());
  return primitive;
}

}  // namespace

Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias, const Shape& y_shape,
              const Conv2dParams& params) {
  if (winograd::suits(x.shape(), weight.shape(), params, x.dtype()))
    return winograd::conv2d(x, weight, bias);
  const bool with_bias = bias.defined();
  Tensor y(y_shape, x.dtype());
  PreparedPrimitive& primitive = prepared(
      conv_key(Operation::conv2d, x.shape(), weight.shape(), params, x.dtype(), with_bias), [&] {
        return make_forward({x.shape(), weight.shape(), y_shape, params, x.dtype()}, with_bias);
      });
  if (with_bias)
    primitive.run({{DNNL_ARG_SRC, x.data()},
                   {DNNL_ARG_WEIGHTS, weight.data()},
                   {DNNL_ARG_BIAS, bias.data()},
                   {DNNL_ARG_DST, y.data()}});
  else
    primitive.run(
        {{DNNL_ARG_SRC, x.data()}, {DNNL_ARG_WEIGHTS, weight.data()}, {DNNL_ARG_DST, y.data()}});
  return y;
}

Tensor conv2d_backward_data(const Tensor& dy, const Tensor& weight, const Shape& x_shape,
                            const Conv2dParams& params) {
  if (winograd::suits(x_shape, weight.shape(), params, dy.dtype()))
    return winograd::conv2d_backward_data(dy, weight);
  Tensor dx(x_shape, dy.dtype());
  prepared(conv_key(Operation::conv2d_backward_data, x_shape, weight.shape(), params, dy.dtype()),
           [&] {
             return make_backward_data({x_shape, weight.shape(), dy.shape(), params, dy.dtype()});
           })
      .run({{DNNL_ARG_DIFF_DST, dy.data()},
            {DNNL_ARG_WEIGHTS, weight.data()},
            {DNNL_ARG_DIFF_SRC, dx.data()}});
  return dx;
}

Tensor conv2d_backward_weight(const Tensor& dy, const Tensor& x, const Shape& weight_shape,
                              const Conv2dParams& params) {
  Tensor dweight(weight_shape);
  prepared(conv_key(Operation::conv2d_backward_weight, x.shape(), weight_shape, params, x.dtype()),
           [&] {
             return make_backward_weight({x.shape(), weight_shape, dy.shape(), params, x.dtype()});
           })
      .run({{DNNL_ARG_SRC, x.data()},
            {DNNL_ARG_DIFF_DST, dy.data()},
            {DNNL_ARG_DIFF_WEIGHTS, dweight.data()}});
  return dweight;
}

}  // namespace tengen::kernels::dnn
