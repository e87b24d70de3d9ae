#include "engine/layers/conv_transpose2d.hpp"

#include <algorithm>

#include "engine/autograd/ops_conv_transpose.hpp"
#include "engine/base/error.hpp"
#include "engine/init/initializers.hpp"

namespace tengen {

namespace {

/// The number of inputs that an output sums over: of the k k taps only one in stride^2 falls on it.
std::int64_t fan_in(const ConvTranspose2dOptions& options) {
  const std::int64_t taps = std::int64_t(options.kernel) * options.kernel;
  const std::int64_t in = options.in_channels / options.groups;
  return std::max<std::int64_t>(1, taps * in / (std::int64_t(options.stride) * options.stride));
}

kernels::Conv2dParams params_of(const ConvTranspose2dOptions& options) {
  if (options.groups < 1 || options.in_channels % options.groups != 0 ||
      options.out_channels % options.groups != 0)
    bad_argument("ConvTranspose2d", "expected groups to divide {} and {} channels, got {}",
                 options.in_channels, options.out_channels, options.groups);
  if (options.stride < 1)
    bad_argument("ConvTranspose2d", "expected a stride of at least 1, got {}", options.stride);
  return {.stride = options.stride,
          .padding = options.padding,
          .dilation = options.dilation,
          .groups = options.groups};
}

}  // namespace

ConvTranspose2d::ConvTranspose2d(const ConvTranspose2dOptions& options, Rng& rng)
    : params_(params_of(options)), output_padding_(options.output_padding) {
  const std::int64_t kernel = options.kernel;
  const Shape shape{options.in_channels, kernel, kernel, options.out_channels / options.groups};
  weight_ = Variable(he_normal(shape, fan_in(options), rng), true);
  register_parameter("weight", weight_);
  if (!options.bias) return;
  bias_ = Variable(Tensor::zeros({options.out_channels}), true);
  register_parameter("bias", bias_);
}

Variable ConvTranspose2d::forward(const Variable& x) {
  return conv_transpose2d(x, weight_, bias_, params_, output_padding_);
}

}  // namespace tengen
