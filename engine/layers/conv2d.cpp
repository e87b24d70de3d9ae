#include "engine/layers/conv2d.hpp"

#include "engine/autograd/ops_conv.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_pool.hpp"
#include "engine/base/error.hpp"
#include "engine/init/initializers.hpp"

namespace tengen {

namespace {

kernels::Conv2dParams params_of(const Conv2dOptions& options) {
  if (options.groups < 1 || options.in_channels % options.groups != 0 ||
      options.out_channels % options.groups != 0)
    bad_argument("Conv2d", "expected groups to divide {} and {} channels, got {}",
                 options.in_channels, options.out_channels, options.groups);
  if (options.padding < 0 && options.kernel % 2 == 0)
    bad_argument("Conv2d", "expected an odd kernel for same padding, got {}", options.kernel);
  const int same = options.dilation * (options.kernel - 1) / 2;
  return {.stride = options.stride,
          .padding = options.padding < 0 ? same : options.padding,
          .dilation = options.dilation,
          .groups = options.groups};
}

Tensor initial_weight(const Conv2dOptions& options, Rng& rng) {
  const std::int64_t kernel = options.kernel, in = options.in_channels / options.groups;
  return he_normal({options.out_channels, kernel, kernel, in}, kernel * kernel * in, rng);
}

}  // namespace

Conv2d::Conv2d(const Conv2dOptions& options, Rng& rng)
    : params_(params_of(options)), weight_(initial_weight(options, rng), true) {
  register_parameter("weight", weight_);
  if (!options.bias) return;
  bias_ = Variable(Tensor::zeros({options.out_channels}), true);
  register_parameter("bias", bias_);
}

Variable Conv2d::forward(const Variable& x) { return conv2d(x, weight_, bias_, params_); }

Variable Conv2d::forward_relu_pool(const Variable& x, const kernels::Pool2dParams& pool) {
  if (pool.kind != kernels::Pool2dParams::Kind::max)
    bad_argument("Conv2d", "expected a max pooling, got an average");
  // The bias of bf16 images is f32: only the convolution takes it.
  if (!bias_.defined() || bias_.dtype() != x.dtype()) return relu(pool2d(forward(x), pool));
  return relu(add(pool2d(conv2d(x, weight_, Variable(), params_), pool), bias_));
}

}  // namespace tengen
