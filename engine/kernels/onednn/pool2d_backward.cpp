// The gradient of pooling. oneDNN's own needs the workspace of its forward pass; this one finds the
// first maximum of each window again, for many channels at once.
#include <algorithm>

#include "engine/kernels/onednn/kernels.hpp"
#include "engine/kernels/onednn/vectorised.hpp"

namespace tengen::kernels::dnn {

namespace {

constexpr std::int64_t kBlock = 64;  // channels at once

/// The cells of a window that lie inside the image.
struct Window {
  std::int64_t row_begin, row_end, column_begin, column_end;
  std::int64_t cells() const { return (row_end - row_begin) * (column_end - column_begin); }
};

Window window_at(std::int64_t y, std::int64_t x, const Shape& image, const Pool2dParams& p) {
  const std::int64_t top = y * p.stride - p.padding, left = x * p.stride - p.padding;
  return {std::max<std::int64_t>(top, 0), std::min(top + p.kernel, image[1]),
          std::max<std::int64_t>(left, 0), std::min(left + p.kernel, image[2])};
}

/// visit(offset of the cell's first channel in the image), row by row.
template <typename Visit>
[[gnu::always_inline]] inline void for_each_cell(const Window& w, std::int64_t width,
                                                 std::int64_t channels, const Visit& visit) {
  for (std::int64_t row = w.row_begin; row < w.row_end; ++row)
    for (std::int64_t column = w.column_begin; column < w.column_end; ++column)
      visit((row * width + column) * channels);
}

/// Windows side by side that cover the image: each pixel gets its gradient from one of them.
bool tiles_image(const Shape& image, const Pool2dParams& p) {
  return p.stride == p.kernel && p.padding == 0 && image[1] % p.kernel == 0 &&
         image[2] % p.kernel == 0;
}

/// Sets (where windows tile the image) or adds to a pixel's gradient.
template <bool tiled>
[[gnu::always_inline]] inline void give(float share, float& gradient) {
  gradient = tiled ? share : gradient + share;
}

/// `count` channels of one window: `in` and `out` begin at the image's first of these channels.
template <bool tiled, typename Count>
[[gnu::always_inline]] inline void route_to_maximum(const float* __restrict in,
                                                    const float* __restrict grad,
                                                    float* __restrict out, Count count,
                                                    const Window& w, std::int64_t width,
                                                    std::int64_t channels) {
  float best[kBlock];
  std::int32_t where[kBlock];
  const std::int64_t first = (w.row_begin * width + w.column_begin) * channels;
#pragma omp simd
  for (std::int64_t c = 0; c < count; ++c) {
    best[c] = in[first + c];
    where[c] = static_cast<std::int32_t>(first);
  }
  for_each_cell(w, width, channels, [&](std::int64_t cell) {
#pragma omp simd
    for (std::int64_t c = 0; c < count; ++c) {
      const float value = in[cell + c];
      where[c] = value > best[c] ? static_cast<std::int32_t>(cell) : where[c];
      best[c] = value > best[c] ? value : best[c];
    }
  });
  for_each_cell(w, width, channels, [&](std::int64_t cell) {
#pragma omp simd
    for (std::int64_t c = 0; c < count; ++c)
      give<tiled>(where[c] == cell ? grad[c] : 0.0f, out[cell + c]);
  });
}

template <bool tiled, typename Count>
[[gnu::always_inline]] inline void share_evenly(const float* __restrict grad, float* __restrict out,
                                                Count count, const Window& w, std::int64_t width,
                                                std::int64_t channels) {
  const float share = 1.0f / static_cast<float>(w.cells());
  for_each_cell(w, width, channels, [&](std::int64_t cell) {
#pragma omp simd
    for (std::int64_t c = 0; c < count; ++c) give<tiled>(grad[c] * share, out[cell + c]);
  });
}

/// work(first, count) for blocks of channels; where twice the same gives the same, of one length.
template <bool tiled, typename Work>
[[gnu::always_inline]] inline void for_each_block(std::int64_t channels, const Work& work) {
  if constexpr (tiled)
    in_equal_pieces<16>(channels, work);
  else
    for (std::int64_t c = 0; c < channels; c += kBlock) work(c, std::min(kBlock, channels - c));
}

/// One image.
template <bool tiled>
[[gnu::always_inline]] inline void image_backward(const float* in, const float* grad, float* out,
                                                  const Shape& image, const Shape& pooled,
                                                  const Pool2dParams& params) {
  const std::int64_t channels = image[3], width = image[2];
  const bool max = params.kind == Pool2dParams::Kind::max;
  for (std::int64_t oy = 0; oy < pooled[1]; ++oy)
    for (std::int64_t ox = 0; ox < pooled[2]; ++ox, grad += channels) {
      const Window w = window_at(oy, ox, image, params);
      for_each_block<tiled>(channels, [&](std::int64_t c, auto count) {
        if (max)
          route_to_maximum<tiled>(in + c, grad + c, out + c, count, w, width, channels);
        else
          share_evenly<tiled>(grad + c, out + c, count, w, width, channels);
      });
    }
}

}  // namespace

Tensor pool2d_backward(const Tensor& dy, const Tensor& x, const Pool2dParams& params) {
  const Shape image = x.shape(), pooled = dy.shape();
  const bool tiled = tiles_image(image, params);
  Tensor dx = tiled ? Tensor(image) : Tensor::zeros(image);
  const std::int64_t in_size = image[1] * image[2] * image[3];
  const std::int64_t out_size = pooled[1] * pooled[2] * pooled[3];
  const float* in = elements<float>(x);
  const float* grad = elements<float>(dy);
  float* out = elements<float>(dx);
#pragma omp parallel for schedule(static) if (x.size() >= kMinShared)
  for (std::int64_t n = 0; n < image[0]; ++n)
    vectorised([in = in + n * in_size, grad = grad + n * out_size, out = out + n * in_size, image,
                pooled, params, tiled] {
      if (tiled)
        image_backward<true>(in, grad, out, image, pooled, params);
      else
        image_backward<false>(in, grad, out, image, pooled, params);
    });
  return dx;
}

}  // namespace tengen::kernels::dnn
