#include <algorithm>

#include "engine/kernels/reference/kernels.hpp"

namespace tengen::kernels::ref {

namespace {

/// The part of one pooling window that lies inside the image, and the output element it makes.
struct Window {
  std::int64_t out;          // index into the output
  std::int64_t image_start;  // index of the image's first element of this channel
  std::int64_t row_begin, row_end, column_begin, column_end;
  std::int64_t cells() const { return (row_end - row_begin) * (column_end - column_begin); }
};

template <typename Visit>
void for_each_window(const Shape& x, const Shape& y, const Pool2dParams& p, Visit visit) {
  std::int64_t out = 0;
  for (std::int64_t n = 0; n < y[0]; ++n)
    for (std::int64_t oy = 0; oy < y[1]; ++oy)
      for (std::int64_t ox = 0; ox < y[2]; ++ox)
        for (std::int64_t c = 0; c < y[3]; ++c, ++out) {
          const std::int64_t top = oy * p.stride - p.padding;
          const std::int64_t left = ox * p.stride - p.padding;
          visit(Window{.out = out,
                       .image_start = n * x[1] * x[2] * x[3] + c,
                       .row_begin = std::max<std::int64_t>(top, 0),
                       .row_end = std::min<std::int64_t>(top + p.kernel, x[1]),
                       .column_begin = std::max<std::int64_t>(left, 0),
                       .column_end = std::min<std::int64_t>(left + p.kernel, x[2])});
        }
}

/// Calls visit(element index) for each cell of the window, row by row.
template <typename Visit>
void for_each_cell(const Window& w, const Shape& x, Visit visit) {
  for (std::int64_t row = w.row_begin; row < w.row_end; ++row)
    for (std::int64_t column = w.column_begin; column < w.column_end; ++column)
      visit(w.image_start + (row * x[2] + column) * x[3]);
}

/// Index of the first maximum of the window.
template <typename T>
std::int64_t first_maximum(const Window& w, const Shape& shape, std::span<const T> in) {
  std::int64_t best = -1;
  for_each_cell(w, shape, [&](std::int64_t i) {
    if (best < 0 || in[i] > in[best]) best = i;
  });
  return best;
}

Shape output_shape(const Shape& x, const Pool2dParams& params) {
  const Conv2dParams window{.stride = params.stride, .padding = params.padding};
  return {x[0], conv_output_size(x[1], params.kernel, window),
          conv_output_size(x[2], params.kernel, window), x[3]};
}

}  // namespace

template <typename T>
Tensor pool2d(const Tensor& x, const Pool2dParams& params) {
  Tensor y(output_shape(x.shape(), params), x.dtype());
  const auto in = x.values<T>();
  const auto out = y.values<T>();
  for_each_window(x.shape(), y.shape(), params, [&](const Window& w) {
    if (params.kind == Pool2dParams::Kind::max) {
      out[w.out] = in[first_maximum<T>(w, x.shape(), in)];
    } else {
      double sum = 0;
      for_each_cell(w, x.shape(), [&](std::int64_t i) { sum += in[i]; });
      out[w.out] = static_cast<T>(sum / static_cast<double>(w.cells()));
    }
  });
  return y;
}

template <typename T>
Tensor pool2d_backward(const Tensor& dy, const Tensor& x, const Pool2dParams& params) {
  Tensor dx = Tensor::zeros(x.shape(), x.dtype());
  const auto in = x.values<T>();
  const auto grad = dy.values<T>();
  const auto out = dx.values<T>();
  for_each_window(x.shape(), dy.shape(), params, [&](const Window& w) {
    if (params.kind == Pool2dParams::Kind::max) {
      out[first_maximum<T>(w, x.shape(), in)] += grad[w.out];
    } else {
      const T share = grad[w.out] / static_cast<T>(w.cells());
      for_each_cell(w, x.shape(), [&](std::int64_t i) { out[i] += share; });
    }
  });
  return dx;
}

template Tensor pool2d<float>(const Tensor&, const Pool2dParams&);
template Tensor pool2d<double>(const Tensor&, const Pool2dParams&);
template Tensor pool2d_backward<float>(const Tensor&, const Tensor&, const Pool2dParams&);
template Tensor pool2d_backward<double>(const Tensor&, const Tensor&, const Pool2dParams&);

}  // namespace tengen::kernels::ref
