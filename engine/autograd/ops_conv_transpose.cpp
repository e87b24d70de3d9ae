#include "engine/autograd/ops_conv_transpose.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/base/error.hpp"

namespace tengen {

namespace {

Shape output_shape(const Shape& x, const Shape& weight, const kernels::Conv2dParams& params,
                   int output_padding) {
  if (x.rank() != 4 || weight.rank() != 4)
    bad_argument("conv_transpose2d", "expected x and weight of rank 4, got {} and {}", to_string(x),
                 to_string(weight));
  if (output_padding < 0 || output_padding >= params.stride)
    bad_argument("conv_transpose2d", "expected an output padding from 0 to {}, got {}",
                 params.stride - 1, output_padding);
  return {x[0], conv_transpose_output_size(x[1], weight[1], params, output_padding),
          conv_transpose_output_size(x[2], weight[2], params, output_padding),
          weight[3] * params.groups};
}

// y = A^T x with A the convolution by `weight`: dx = A dy, and the weight gradient is that of A
// with the two images in each other's place.
Variable without_bias(const Variable& x, const Variable& weight,
                      const kernels::Conv2dParams& params, const Shape& y_shape) {
  const kernels::Backend& backend = kernels::default_for(x.dtype());
  return Variable::make(
      backend.conv2d_backward_data(x.value(), weight.value(), y_shape, params), {x, weight},
      [&backend, params, x = x.value(), weight = weight.value(), need_x = x.requires_grad(),
       need_weight = weight.requires_grad()](const Tensor& dy) {
        Tensor dx, dweight;
        if (need_x) dx = backend.conv2d(dy, weight, {}, params);
        if (need_weight) dweight = backend.conv2d_backward_weight(x, dy, weight.shape(), params);
        return std::vector<Tensor>{dx, dweight};
      });
}

}  // namespace

std::int64_t conv_transpose_output_size(std::int64_t in, std::int64_t kernel,
                                        const kernels::Conv2dParams& params,
                                        std::int64_t output_padding) {
  return params.stride * (in - 1) + params.dilation * (kernel - 1) + 1 - 2 * params.padding +
         output_padding;
}

Variable conv_transpose2d(const Variable& x, const Variable& weight, const Variable& bias,
                          const kernels::Conv2dParams& params, int output_padding) {
  const Shape shape = output_shape(x.shape(), weight.shape(), params, output_padding);
  const Variable y = without_bias(x, weight, params, shape);
  return bias.defined() ? add(y, bias) : y;
}

}  // namespace tengen
