#include "engine/autograd/ops_pad.hpp"

#include <cstring>

#include "engine/base/error.hpp"

namespace tengen {

namespace {

/// The bytes of both tensors as rows: all that lies behind one index of the axes before `axis`.
struct Rows {
  std::size_t count, inner, outer, offset;  // inner: bytes of an unpadded row, outer: of a padded
};

Rows rows_of(const Tensor& inner, int axis, std::int64_t before, std::int64_t after) {
  const auto dims = inner.shape().dims();
  const Shape below(dims.subspan(std::size_t(axis) + 1));
  const std::size_t step = std::size_t(below.size()) * size_of(inner.dtype());
  const auto length = [&](std::int64_t cells) { return std::size_t(cells) * step; };
  return {std::size_t(Shape(dims.first(std::size_t(axis))).size()), length(inner.dim(axis)),
          length(before + inner.dim(axis) + after), length(before)};
}

}  // namespace

Variable pad(const Variable& x, int axis, std::int64_t before, std::int64_t after) {
  const Shape shape = x.shape();
  shape[axis];  // throws where there is no such axis
  if (axis < 0) axis += shape.rank();
  if (before < 0 || after < 0)
    bad_argument("pad", "expected a padding of at least 0, got {} and {}", before, after);
  std::vector<std::int64_t> dims(shape.dims().begin(), shape.dims().end());
  dims[std::size_t(axis)] += before + after;
  Tensor y = Tensor::zeros(Shape(std::span<const std::int64_t>(dims)), x.dtype());
  const Rows rows = rows_of(x.value(), axis, before, after);
  auto* to = static_cast<std::byte*>(y.data());
  const auto* from = static_cast<const std::byte*>(x.value().data());
  for (std::size_t i = 0; i < rows.count; ++i)
    std::memcpy(to + i * rows.outer + rows.offset, from + i * rows.inner, rows.inner);
  return Variable::make(std::move(y), {x}, [shape, rows](const Tensor& dy) {
    Tensor dx(shape, dy.dtype());
    auto* out = static_cast<std::byte*>(dx.data());
    const auto* in = static_cast<const std::byte*>(dy.data());
    for (std::size_t i = 0; i < rows.count; ++i)
      std::memcpy(out + i * rows.inner, in + i * rows.outer + rows.offset, rows.inner);
    return std::vector<Tensor>{dx};
  });
}

}  // namespace tengen
