#include "engine/layers/conv1d.hpp"

#include "engine/autograd/ops_conv.hpp"
#include "engine/autograd/ops_pad.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"
#include "engine/init/initializers.hpp"

namespace tengen {

namespace {

const Conv1dOptions& checked(const Conv1dOptions& options) {
  if (options.groups < 1 || options.in_channels % options.groups != 0 ||
      options.out_channels % options.groups != 0)
    bad_argument("Conv1d", "expected groups to divide {} and {} channels, got {}",
                 options.in_channels, options.out_channels, options.groups);
  if (options.causal && options.padding >= 0)
    bad_argument("Conv1d", "expected no padding with causal, got {}", options.padding);
  if (!options.causal && options.padding < 0 && options.kernel % 2 == 0)
    bad_argument("Conv1d", "expected an odd kernel for same padding, got {}", options.kernel);
  return options;
}

int padding_before(const Conv1dOptions& options) {
  const int reach = options.dilation * (options.kernel - 1);
  if (options.causal) return reach;
  return options.padding < 0 ? reach / 2 : options.padding;
}

}  // namespace

Conv1d::Conv1d(const Conv1dOptions& options, Rng& rng)
    : options_(checked(options)),
      before_(padding_before(options)),
      after_(options.causal ? 0 : before_) {
  const std::int64_t kernel = options.kernel, in = options.in_channels / options.groups;
  weight_ = Variable(he_normal({options.out_channels, kernel, in}, kernel * in, rng), true);
  register_parameter("weight", weight_);
  if (!options.bias) return;
  bias_ = Variable(Tensor::zeros({options.out_channels}), true);
  register_parameter("bias", bias_);
}

// An image of width 1, padded beforehand because the kernels' padding is on all four sides.
Variable Conv1d::forward(const Variable& x) {
  if (x.shape().rank() != 3)
    bad_argument("Conv1d", "expected an input [N, T, C], got shape {}", to_string(x.shape()));
  const Variable padded = pad(x, 1, before_, after_);
  const Shape &image = padded.shape(), &weight = weight_.shape();
  const Variable y =
      conv2d(reshape(padded, {image[0], image[1], 1, image[2]}),
             reshape(weight_, {weight[0], weight[1], 1, weight[2]}), bias_,
             {.stride = options_.stride, .dilation = options_.dilation, .groups = options_.groups});
  return reshape(y, {y.shape()[0], y.shape()[1], y.shape()[3]});
}

}  // namespace tengen
