#include "engine/autograd/ops_im2col.hpp"

#include <algorithm>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/base/error.hpp"

namespace tengen {

namespace {

struct Patches {
  Shape image;
  int kernel;
  kernels::Conv2dParams params;

  std::int64_t out(int axis) const { return conv_output_size(image[axis], kernel, params); }
  Shape columns() const {
    return {image[0] * out(1) * out(2), std::int64_t(kernel) * kernel * image[3]};
  }
};

Patches patches_of(const char* where, const Shape& image, int kernel,
                   const kernels::Conv2dParams& params) {
  if (image.rank() != 4)
    bad_argument(where, "expected an image [N, H, W, C], got shape {}", to_string(image));
  if (kernel < 1 || params.stride < 1 || params.dilation < 1 || params.padding < 0)
    bad_argument(where,
                 "expected kernel, stride and dilation of at least 1 and no negative padding");
  if (params.groups != 1) bad_argument(where, "expected 1 group, got {}", params.groups);
  return {image, kernel, params};
}

/// Calls visit(place in the columns, place in the image) for each run of C channels that lies
/// inside the image.
template <typename Visit>
void for_each_tap(const Patches& p, Visit visit) {
  const std::int64_t height = p.image[1], width = p.image[2], channels = p.image[3];
  std::int64_t column = 0;
  for (std::int64_t n = 0; n < p.image[0]; ++n)
    for (std::int64_t oy = 0; oy < p.out(1); ++oy)
      for (std::int64_t ox = 0; ox < p.out(2); ++ox)
        for (int ky = 0; ky < p.kernel; ++ky)
          for (int kx = 0; kx < p.kernel; ++kx, column += channels) {
            const std::int64_t y = oy * p.params.stride - p.params.padding + ky * p.params.dilation;
            const std::int64_t x = ox * p.params.stride - p.params.padding + kx * p.params.dilation;
            if (y >= 0 && y < height && x >= 0 && x < width)
              visit(std::size_t(column), std::size_t(((n * height + y) * width + x) * channels));
          }
}

/// to[place in `to`] += from[place in `from`] for every tap; `gather` names the direction.
Tensor move_taps(const Tensor& from, const Patches& p, bool gather) {
  Tensor to = Tensor::zeros(gather ? p.columns() : p.image, from.dtype());
  const std::size_t channels = std::size_t(p.image[3]);
  dispatch_float("im2col", from.dtype(), [&]<typename T>(T) {
    const std::span<const T> in = from.values<T>();
    const std::span<T> out = to.values<T>();
    for_each_tap(p, [&](std::size_t column, std::size_t pixel) {
      const std::size_t source = gather ? pixel : column, target = gather ? column : pixel;
      for (std::size_t c = 0; c < channels; ++c) out[target + c] += in[source + c];
    });
  });
  return to;
}

Variable moved(const Variable& x, const Patches& p, bool gather) {
  return Variable::make(move_taps(x.value(), p, gather), {x}, [p, gather](const Tensor& dy) {
    return std::vector<Tensor>{move_taps(dy, p, !gather)};
  });
}

}  // namespace

Variable im2col(const Variable& x, int kernel, const kernels::Conv2dParams& params) {
  return moved(x, patches_of("im2col", x.shape(), kernel, params), true);
}

Variable col2im(const Variable& columns, const Shape& image, int kernel,
                const kernels::Conv2dParams& params) {
  const Patches patches = patches_of("col2im", image, kernel, params);
  if (columns.shape() != patches.columns())
    bad_argument("col2im", "expected columns of shape {}, got {}", to_string(patches.columns()),
                 to_string(columns.shape()));
  return moved(columns, patches, false);
}

}  // namespace tengen
