#include "engine/kernels/winograd/training.hpp"

#include <omp.h>

#include <algorithm>

#include "engine/kernels/winograd/conv3x3.hpp"

namespace tengen::kernels::winograd {

namespace {

constexpr std::int64_t kMinChannels = 48;  // fewer do not pay for the transforms of tiles
constexpr std::int64_t kMinPixels = 512;   // of the batch: fewer do not for that of the weight

/// weight [out, 3, 3, in] -> [in, 3, 3, out], rotated by half a turn.
Tensor flipped(const Tensor& weight) {
  const std::int64_t out = weight.dim(0), in = weight.dim(3);
  Tensor result({in, 3, 3, out});
  const float* const from = weight.values<float>().data();
  float* const to = result.values<float>().data();
  for (std::int64_t o = 0; o < out; ++o)
    for (std::int64_t k = 0; k < 9; ++k)
      for (std::int64_t i = 0; i < in; ++i)
        to[(i * 9 + 8 - k) * out + o] = from[(o * 9 + k) * in + i];
  return result;
}

/// Each thread takes some of the images.
void run(const Conv3x3& conv, const Tensor& x, Tensor& y) {
  const auto batch = static_cast<int>(x.dim(0));
  const int shares = std::min(batch, omp_get_max_threads());
  const float* const in = x.values<float>().data();
  float* const out = y.values<float>().data();
  const std::int64_t in_size = x.size() / batch, out_size = y.size() / batch;
#pragma omp parallel for schedule(static) num_threads(shares) if (shares > 1)
  for (int share = 0; share < shares; ++share) {
    const int first = batch * share / shares, count = batch * (share + 1) / shares - first;
    Tensor scratch({static_cast<std::int64_t>(conv.scratch_bytes(count) / sizeof(float))});
    conv.run({.batch = count,
              .x = in + first * in_size,
              .y = out + first * out_size,
              .scratch = static_cast<std::byte*>(scratch.data())});
  }
}

Tensor convolution(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  Tensor y({x.dim(0), x.dim(1), x.dim(2), weight.dim(0)});
  const Conv3x3 conv(static_cast<int>(x.dim(1)), static_cast<int>(x.dim(2)), weight, bias,
                     *best_isa());
  run(conv, x, y);
  return y;
}

}  // namespace

bool suits(const Shape& x, const Shape& weight, const Conv2dParams& params, DType dtype) {
  const std::int64_t out = weight[0], in = weight[3];
  return dtype == DType::f32 && weight[1] == 3 && weight[2] == 3 &&
         params == Conv2dParams{.padding = 1} && std::min(in, out) >= kMinChannels &&
         Conv3x3::supports(static_cast<int>(in), static_cast<int>(out)) &&
         x[0] * x[1] * x[2] >= kMinPixels && best_isa().has_value();
}

Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  return convolution(x, weight, bias.defined() ? bias : Tensor::zeros({weight.dim(0)}));
}

Tensor conv2d_backward_data(const Tensor& dy, const Tensor& weight) {
  return convolution(dy, flipped(weight), Tensor::zeros({weight.dim(3)}));
}

}  // namespace tengen::kernels::winograd
