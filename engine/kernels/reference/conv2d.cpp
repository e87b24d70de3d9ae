// Convolution as matrix products (im2col): for one image and one group, row p of the column matrix
// holds the patch under output point p, so that y = columns * weight^T and the two gradients are
// the other two products of the same three matrices.
#include <Eigen/Core>
#include <algorithm>
#include <vector>

#include "engine/kernels/reference/kernels.hpp"

namespace tengen::kernels::ref {

namespace {

template <typename T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <typename T>
using MatrixMap = Eigen::Map<Matrix<T>>;
template <typename T>
using ConstMatrixMap = Eigen::Map<const Matrix<T>>;
template <typename T>
using ConstStridedMap = Eigen::Map<const Matrix<T>, 0, Eigen::OuterStride<>>;

/// Sizes of one convolution; channels are those of one group.
struct Geometry {
  Geometry(const Shape& x, const Shape& weight, const Conv2dParams& p)
      : params(p),
        images(x[0]),
        height(x[1]),
        width(x[2]),
        in_channels(weight[3]),
        out_channels(weight[0] / p.groups),
        kernel_height(weight[1]),
        kernel_width(weight[2]),
        out_height(conv_output_size(height, kernel_height, p)),
        out_width(conv_output_size(width, kernel_width, p)) {}

  std::int64_t points() const { return out_height * out_width; }
  std::int64_t patch() const { return kernel_height * kernel_width * in_channels; }
  std::int64_t in_stride() const { return in_channels * params.groups; }
  std::int64_t out_stride() const { return out_channels * params.groups; }
  std::int64_t image_size() const { return height * width * in_stride(); }
  std::int64_t out_image_size() const { return points() * out_stride(); }

  Conv2dParams params;
  std::int64_t images, height, width, in_channels, out_channels, kernel_height, kernel_width,
      out_height, out_width;
};

/// Calls visit(column offset, image offset or -1 in the padding) for the channels under each tap of
/// each output point: both offsets are the first of g.in_channels consecutive elements.
template <typename Visit>
void for_each_tap(const Geometry& g, int group, Visit visit) {
  std::int64_t column = 0;
  for (std::int64_t oy = 0; oy < g.out_height; ++oy)
    for (std::int64_t ox = 0; ox < g.out_width; ++ox)
      for (std::int64_t ky = 0; ky < g.kernel_height; ++ky)
        for (std::int64_t kx = 0; kx < g.kernel_width; ++kx, column += g.in_channels) {
          const std::int64_t iy = oy * g.params.stride - g.params.padding + ky * g.params.dilation;
          const std::int64_t ix = ox * g.params.stride - g.params.padding + kx * g.params.dilation;
          const bool inside = iy >= 0 && iy < g.height && ix >= 0 && ix < g.width;
          visit(column, inside ? (iy * g.width + ix) * g.in_stride() + group * g.in_channels : -1);
        }
}

template <typename T>
void im2col(const Geometry& g, int group, const T* image, std::vector<T>& columns) {
  for_each_tap(g, group, [&](std::int64_t column, std::int64_t offset) {
    if (offset < 0)
      std::fill_n(&columns[column], g.in_channels, T{0});
    else
      std::copy_n(image + offset, g.in_channels, &columns[column]);
  });
}

/// The adjoint of im2col: adds each patch into the image.
template <typename T>
void add_col2im(const Geometry& g, int group, const std::vector<T>& columns, T* image) {
  for_each_tap(g, group, [&](std::int64_t column, std::int64_t offset) {
    if (offset < 0) return;
    for (std::int64_t c = 0; c < g.in_channels; ++c) image[offset + c] += columns[column + c];
  });
}

/// The group's columns of dy for one image, [points, out_channels].
template <typename T>
ConstStridedMap<T> group_gradient(const Geometry& g, const Tensor& dy, std::int64_t n, int group) {
  const T* start = dy.values<T>().data() + n * g.out_image_size() + group * g.out_channels;
  return {start, g.points(), g.out_channels, Eigen::OuterStride<>(g.out_stride())};
}

template <typename T>
ConstMatrixMap<T> group_weight(const Geometry& g, const Tensor& weight, int group) {
  const T* start = weight.values<T>().data() + group * g.out_channels * g.patch();
  return {start, g.out_channels, g.patch()};
}

}  // namespace

template <typename T>
Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
              const Conv2dParams& params) {
  const Geometry g(x.shape(), weight.shape(), params);
  Tensor y({g.images, g.out_height, g.out_width, g.out_stride()}, x.dtype());
  std::vector<T> columns(static_cast<std::size_t>(g.points() * g.patch()));
  for (std::int64_t n = 0; n < g.images; ++n)
    for (int group = 0; group < params.groups; ++group) {
      im2col(g, group, x.values<T>().data() + n * g.image_size(), columns);
      T* out = y.values<T>().data() + n * g.out_image_size() + group * g.out_channels;
      Eigen::Map<Matrix<T>, 0, Eigen::OuterStride<>> result(out, g.points(), g.out_channels,
                                                            Eigen::OuterStride<>(g.out_stride()));
      result.noalias() = ConstMatrixMap<T>(columns.data(), g.points(), g.patch()) *
                         group_weight<T>(g, weight, group).transpose();
    }
  return bias.defined() ? binary<T>(Binary::add, y, bias) : y;
}

template <typename T>
Tensor conv2d_backward_data(const Tensor& dy, const Tensor& weight, const Shape& x_shape,
                            const Conv2dParams& params) {
  const Geometry g(x_shape, weight.shape(), params);
  Tensor dx = Tensor::zeros(x_shape, dy.dtype());
  std::vector<T> columns(static_cast<std::size_t>(g.points() * g.patch()));
  for (std::int64_t n = 0; n < g.images; ++n)
    for (int group = 0; group < params.groups; ++group) {
      MatrixMap<T>(columns.data(), g.points(), g.patch()).noalias() =
          group_gradient<T>(g, dy, n, group) * group_weight<T>(g, weight, group);
      add_col2im(g, group, columns, dx.values<T>().data() + n * g.image_size());
    }
  return dx;
}

template <typename T>
Tensor conv2d_backward_weight(const Tensor& dy, const Tensor& x, const Shape& weight_shape,
                              const Conv2dParams& params) {
  const Geometry g(x.shape(), weight_shape, params);
  Tensor dweight = Tensor::zeros(weight_shape, dy.dtype());
  std::vector<T> columns(static_cast<std::size_t>(g.points() * g.patch()));
  for (std::int64_t n = 0; n < g.images; ++n)
    for (int group = 0; group < params.groups; ++group) {
      im2col(g, group, x.values<T>().data() + n * g.image_size(), columns);
      T* start = dweight.values<T>().data() + group * g.out_channels * g.patch();
      MatrixMap<T>(start, g.out_channels, g.patch()).noalias() +=
          group_gradient<T>(g, dy, n, group).transpose() *
          ConstMatrixMap<T>(columns.data(), g.points(), g.patch());
    }
  return dweight;
}

template Tensor conv2d<float>(const Tensor&, const Tensor&, const Tensor&, const Conv2dParams&);
template Tensor conv2d<double>(const Tensor&, const Tensor&, const Tensor&, const Conv2dParams&);
template Tensor conv2d_backward_data<float>(const Tensor&, const Tensor&, const Shape&,
                                            const Conv2dParams&);
template Tensor conv2d_backward_data<double>(const Tensor&, const Tensor&, const Shape&,
                                             const Conv2dParams&);
template Tensor conv2d_backward_weight<float>(const Tensor&, const Tensor&, const Shape&,
                                              const Conv2dParams&);
template Tensor conv2d_backward_weight<double>(const Tensor&, const Tensor&, const Shape&,
                                               const Conv2dParams&);

}  // namespace tengen::kernels::ref
