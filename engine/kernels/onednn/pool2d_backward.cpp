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

/// `count` channels of one window: `in` and `out` begin at the image's first of these channels.
void route_to_maximum(const float* in, const float* grad, float* out, std::int64_t count,
                      const Window& w, std::int64_t width, std::int64_t channels) {
  float best[kBlock];
  std::int32_t where[kBlock];
  const std::int64_t first = (w.row_begin * width + w.column_begin) * channels;
  for (std::int64_t c = 0; c < count; ++c) {
    best[c] = in[first + c];
    where[c] = static_cast<std::int32_t>(first);
  }
  for_each_cell(w, width, channels, [&](std::int64_t cell) {
    for (std::int64_t c = 0; c < count; ++c) {
      const float value = in[cell + c];
      where[c] = value > best[c] ? static_cast<std::int32_t>(cell) : where[c];
      best[c] = value > best[c] ? value : best[c];
    }
  });
  for_each_cell(w, width, channels, [&](std::int64_t cell) {
    for (std::int64_t c = 0; c < count; ++c) out[cell + c] += where[c] == cell ? grad[c] : 0.0f;
  });
}

void share_evenly(const float* grad, float* out, std::int64_t count, const Window& w,
                  std::int64_t width, std::int64_t channels) {
  const float share = 1.0f / static_cast<float>(w.cells());
  for_each_cell(w, width, channels, [&](std::int64_t cell) {
    for (std::int64_t c = 0; c < count; ++c) out[cell + c] += grad[c] * share;
  });
}

}  // namespace

Tensor pool2d_backward(const Tensor& dy, const Tensor& x, const Pool2dParams& params) {
  Tensor dx = Tensor::zeros(x.shape());
  const Shape image = x.shape(), pooled = dy.shape();
  const std::int64_t channels = image[3], width = image[2], in_size = image[1] * width * channels;
  const std::int64_t out_size = pooled[1] * pooled[2] * channels;
  const float* in = elements<float>(x);
  const float* grad = elements<float>(dy);
  float* out = elements<float>(dx);
  const bool max = params.kind == Pool2dParams::Kind::max;
#pragma omp parallel for schedule(static) if (x.size() >= kMinShared)
  for (std::int64_t n = 0; n < image[0]; ++n)
    vectorised([=] {
      for (std::int64_t oy = 0; oy < pooled[1]; ++oy)
        for (std::int64_t ox = 0; ox < pooled[2]; ++ox) {
          const Window w = window_at(oy, ox, image, params);
          const float* g = grad + n * out_size + (oy * pooled[2] + ox) * channels;
          for (std::int64_t c = 0; c < channels; c += kBlock) {
            const std::int64_t count = std::min(kBlock, channels - c);
            float* target = out + n * in_size + c;
            if (max)
              route_to_maximum(in + n * in_size + c, g + c, target, count, w, width, channels);
            else
              share_evenly(g + c, target, count, w, width, channels);
          }
        }
    });
  return dx;
}

}  // namespace tengen::kernels::dnn
