#include "engine/kernels/check_shapes.hpp"

#include <algorithm>

#include "engine/base/error.hpp"

namespace tengen::kernels {

namespace {

void check_rank(const char* where, const char* what, const Shape& shape, int rank) {
  if (shape.rank() != rank)
    bad_argument(where, "expected {} of rank {}, got shape {}", what, rank, to_string(shape));
}

void check_shape(const char* where, const char* what, const Shape& actual, const Shape& expected) {
  if (actual != expected)
    bad_argument(where, "expected {} of shape {}, got {}", what, to_string(expected),
                 to_string(actual));
}

void check_conv2d_params(const char* where, const Conv2dParams& params) {
  if (params.stride < 1)
    bad_argument(where, "expected a stride of at least 1, got {}", params.stride);
  if (params.padding < 0)
    bad_argument(where, "expected a padding of at least 0, got {}", params.padding);
  if (params.dilation < 1)
    bad_argument(where, "expected a dilation of at least 1, got {}", params.dilation);
  if (params.groups < 1) bad_argument(where, "expected at least 1 group, got {}", params.groups);
}

void check_conv2d_channels(const char* where, const Shape& x, const Shape& weight, int groups) {
  check_rank(where, "an input [N, H, W, C]", x, 4);
  check_rank(where, "a weight [O, kh, kw, C / groups]", weight, 4);
  if (weight.size() == 0)
    bad_argument(where, "expected a weight that is not empty, got shape {}", to_string(weight));
  if (weight[0] % groups != 0)
    bad_argument(where, "expected output channels divisible by {} groups, got {}", groups,
                 weight[0]);
  if (x[3] != weight[3] * groups)
    bad_argument(where, "expected {} input channels, got {}", weight[3] * groups, x[3]);
}

Shape conv2d_output(const char* where, const Shape& x, const Shape& weight,
                    const Conv2dParams& params) {
  check_conv2d_params(where, params);
  check_conv2d_channels(where, x, weight, params.groups);
  const std::int64_t height = conv_output_size(x[1], weight[1], params);
  const std::int64_t width = conv_output_size(x[2], weight[2], params);
  if (height < 1 || width < 1)
    bad_argument(where, "expected an image that the kernel {}x{} fits into, got {}x{}", weight[1],
                 weight[2], x[1], x[2]);
  return {x[0], height, width, weight[0]};
}

/// Every one of `vectors` must be [C] with x's last dimension C.
void check_per_channel(const char* where, const Tensor& x,
                       std::initializer_list<const Tensor*> vectors) {
  if (x.shape().rank() < 2)
    bad_argument(where, "expected an input of rank 2 or more, got shape {}", to_string(x.shape()));
  for (const Tensor* vector : vectors)
    check_shape(where, "statistics and parameters", vector->shape(), {x.dim(-1)});
}

/// Weights, statistics and the like: defined, of the dtype that goes with x's.
void check_parameters(const char* where, const Tensor& x,
                      std::initializer_list<const Tensor*> parameters) {
  check_dtypes(where, parameters);
  const DType dtype = (*parameters.begin())->dtype();
  if (dtype != parameter_dtype(x.dtype()))
    bad_argument(where, "expected parameters of dtype {} with an input of {}, got {}",
                 to_string(parameter_dtype(x.dtype())), to_string(x.dtype()), to_string(dtype));
}

void check_like(const char* where, const char* what, const Tensor& tensor, const Tensor& x) {
  check_dtypes(where, {&x, &tensor});
  check_shape(where, what, tensor.shape(), x.shape());
}

/// Statistics of no elements do not exist.
void check_not_empty(const char* where, const Tensor& x) {
  if (x.size() == 0)
    bad_argument(where, "expected a batch that is not empty, got shape {}", to_string(x.shape()));
}

bool is_suffix(const Shape& suffix, const Shape& shape) {
  return suffix.rank() <= shape.rank() &&
         std::equal(suffix.dims().rbegin(), suffix.dims().rend(), shape.dims().rbegin());
}

void check_suffix(const char* where, const Shape& suffix, const Shape& shape) {
  if (!is_suffix(suffix, shape))
    bad_argument(where, "expected a suffix of shape {}, got {}", to_string(shape),
                 to_string(suffix));
}

}  // namespace

void check_dtypes(const char* where, std::initializer_list<const Tensor*> tensors) {
  const DType dtype = (*tensors.begin())->dtype();
  for (const Tensor* tensor : tensors) {
    if (!tensor->defined())
      bad_argument(where, "expected tensors with storage, got an undefined one");
    if (tensor->dtype() == DType::i32)
      bad_argument(where, "expected dtype f32, bf16 or f64, got {}", to_string(tensor->dtype()));
    if (tensor->dtype() != dtype)
      bad_argument(where, "expected tensors of one dtype, got {} and {}", to_string(dtype),
                   to_string(tensor->dtype()));
  }
}

DType parameter_dtype(DType activations) {
  return activations == DType::bf16 ? DType::f32 : activations;
}

Shape check_matmul(const Tensor& a, const Tensor& b, bool transpose_a, bool transpose_b) {
  check_dtypes("matmul", {&a, &b});
  const int rank = a.shape().rank();
  if (rank != 2 && rank != 3)
    bad_argument("matmul", "expected a matrix or a batch of them, got shape {}",
                 to_string(a.shape()));
  check_rank("matmul", "a second factor", b.shape(), rank);
  const std::int64_t inner = a.dim(transpose_a ? -2 : -1);
  const std::int64_t inner_b = b.dim(transpose_b ? -1 : -2);
  if (inner != inner_b)
    bad_argument("matmul", "expected equal inner dimensions, got {} and {}", inner, inner_b);
  const std::int64_t rows = a.dim(transpose_a ? -1 : -2);
  const std::int64_t columns = b.dim(transpose_b ? -2 : -1);
  if (rank == 2) return {rows, columns};
  if (a.dim(0) != b.dim(0))
    bad_argument("matmul", "expected batches of equal size, got {} and {}", a.dim(0), b.dim(0));
  return {a.dim(0), rows, columns};
}

Shape check_conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
                   const Conv2dParams& params) {
  check_dtypes("conv2d", {&x});
  check_parameters("conv2d", x, {&weight, bias.defined() ? &bias : &weight});
  const Shape output = conv2d_output("conv2d", x.shape(), weight.shape(), params);
  if (bias.defined()) check_shape("conv2d", "a bias", bias.shape(), {weight.dim(0)});
  return output;
}

void check_conv2d_backward_data(const Tensor& dy, const Tensor& weight, const Shape& x_shape,
                                const Conv2dParams& params) {
  const char* where = "conv2d_backward_data";
  check_dtypes(where, {&dy});
  check_parameters(where, dy, {&weight});
  check_shape(where, "dy", dy.shape(), conv2d_output(where, x_shape, weight.shape(), params));
}

void check_conv2d_backward_weight(const Tensor& dy, const Tensor& x, const Shape& weight_shape,
                                  const Conv2dParams& params) {
  const char* where = "conv2d_backward_weight";
  check_dtypes(where, {&dy, &x});
  check_shape(where, "dy", dy.shape(), conv2d_output(where, x.shape(), weight_shape, params));
}

void check_batch_norm_train(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                            const NormTail& tail) {
  check_dtypes("batch_norm_train", {&x});
  check_parameters("batch_norm_train", x, {&gamma, &beta});
  check_per_channel("batch_norm_train", x, {&gamma, &beta});
  if (tail.residual.defined()) check_like("batch_norm_train", "a residual", tail.residual, x);
  check_not_empty("batch_norm_train", x);
}

void check_batch_norm_backward(const Tensor& dy, const Tensor& x, const Tensor& gamma,
                               const Tensor& mean, const Tensor& variance,
                               const NormTailBackward& tail) {
  check_dtypes("batch_norm_backward", {&x});
  check_parameters("batch_norm_backward", x, {&gamma, &mean, &variance});
  check_per_channel("batch_norm_backward", x, {&gamma, &mean, &variance});
  check_like("batch_norm_backward", "dy", dy, x);
  if (tail.y.defined()) check_like("batch_norm_backward", "y", tail.y, x);
  check_not_empty("batch_norm_backward", x);
}

void check_batch_norm_eval(const Tensor& x, const Tensor& gamma, const Tensor& beta,
                           const Tensor& mean, const Tensor& variance, const NormTail& tail) {
  check_dtypes("batch_norm_eval", {&x});
  check_parameters("batch_norm_eval", x, {&gamma, &beta, &mean, &variance});
  check_per_channel("batch_norm_eval", x, {&gamma, &beta, &mean, &variance});
  if (tail.residual.defined()) check_like("batch_norm_eval", "a residual", tail.residual, x);
}

Shape check_pool2d(const Tensor& x, const Pool2dParams& params) {
  check_dtypes("pool2d", {&x});
  check_rank("pool2d", "an input [N, H, W, C]", x.shape(), 4);
  if (params.kernel < 1 || params.stride < 1)
    bad_argument("pool2d", "expected a kernel and a stride of at least 1, got {} and {}",
                 params.kernel, params.stride);
  // Then no window lies in the padding altogether.
  if (params.padding < 0 || params.padding >= params.kernel)
    bad_argument("pool2d", "expected a padding from 0 to {}, got {}", params.kernel - 1,
                 params.padding);
  const Conv2dParams window{.stride = params.stride, .padding = params.padding};
  const std::int64_t height = conv_output_size(x.dim(1), params.kernel, window);
  const std::int64_t width = conv_output_size(x.dim(2), params.kernel, window);
  if (x.dim(1) < 1 || x.dim(2) < 1 || height < 1 || width < 1)
    bad_argument("pool2d", "expected an image that the kernel {0}x{0} fits into, got {1}x{2}",
                 params.kernel, x.dim(1), x.dim(2));
  return {x.dim(0), height, width, x.dim(3)};
}

void check_pool2d_backward(const Tensor& dy, const Tensor& x, const Pool2dParams& params) {
  check_dtypes("pool2d_backward", {&dy, &x});
  check_shape("pool2d_backward", "dy", dy.shape(), check_pool2d(x, params));
}

void check_softmax(const char* where, const Tensor& x) {
  check_dtypes(where, {&x});
  if (x.shape().rank() < 1 || x.dim(-1) < 1)
    bad_argument(where, "expected a last axis of at least 1 element, got shape {}",
                 to_string(x.shape()));
}

void check_unary_backward(const Tensor& dy, const Tensor& x, const Tensor& y) {
  check_dtypes("unary_backward", {&dy, &x, &y});
  check_shape("unary_backward", "dy", dy.shape(), x.shape());
  check_shape("unary_backward", "y", y.shape(), x.shape());
}

void check_binary(const Tensor& a, const Tensor& b) {
  check_dtypes("binary", {&a, &b});
  check_suffix("binary", b.shape(), a.shape());
}

void check_sum_to(const Tensor& x, const Shape& suffix) {
  check_dtypes("sum_to", {&x});
  check_suffix("sum_to", suffix, x.shape());
}

}  // namespace tengen::kernels
