#include "engine/autograd/ops_slice.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"

namespace tengen {

namespace {

/// A tensor seen as [outer, length, inner] around one axis; a row is the inner bytes of one index.
struct AxisView {
  AxisView(const Shape& shape, int axis, DType dtype) : length(shape[axis]) {
    const int at = axis < 0 ? axis + shape.rank() : axis;
    row_bytes = size_of(dtype);
    for (int i = 0; i < at; ++i) outer *= static_cast<std::size_t>(shape[i]);
    for (int i = at + 1; i < shape.rank(); ++i) row_bytes *= static_cast<std::size_t>(shape[i]);
  }
  std::size_t block_bytes() const { return static_cast<std::size_t>(length) * row_bytes; }

  std::size_t outer = 1, row_bytes = 1;
  std::int64_t length;
};

Shape with_dim(const Shape& shape, int axis, std::int64_t dim) {
  std::vector<std::int64_t> dims(shape.dims().begin(), shape.dims().end());
  dims[static_cast<std::size_t>(axis < 0 ? axis + shape.rank() : axis)] = dim;
  return Shape(dims);
}

const std::byte* bytes(const Tensor& tensor) {
  return static_cast<const std::byte*>(tensor.data());
}
std::byte* bytes(Tensor& tensor) { return static_cast<std::byte*>(tensor.data()); }

/// Copies `count` indices along `axis`, from index `from_at` of `from` to index `to_at` of `to`.
void copy_rows(const Tensor& from, std::int64_t from_at, Tensor& to, std::int64_t to_at,
               std::int64_t count, int axis) {
  const AxisView source(from.shape(), axis, from.dtype()), target(to.shape(), axis, to.dtype());
  const std::size_t size = static_cast<std::size_t>(count) * source.row_bytes;
  for (std::size_t block = 0; block < source.outer; ++block)
    std::memcpy(bytes(to) + block * target.block_bytes() +
                    static_cast<std::size_t>(to_at) * target.row_bytes,
                bytes(from) + block * source.block_bytes() +
                    static_cast<std::size_t>(from_at) * source.row_bytes,
                size);
}

Tensor slice_of(const Tensor& x, int axis, std::int64_t begin, std::int64_t end) {
  Tensor y(with_dim(x.shape(), axis, end - begin), x.dtype());
  copy_rows(x, begin, y, 0, end - begin, axis);
  return y;
}

Tensor reversed(const Tensor& x, int axis) {
  Tensor y(x.shape(), x.dtype());
  const std::int64_t length = x.dim(axis);
  for (std::int64_t i = 0; i < length; ++i) copy_rows(x, i, y, length - 1 - i, 1, axis);
  return y;
}

/// Copies runs of `run` elements T, contiguous in x and in y, for each index of the first `axes`
/// axes of y.
template <typename T>
void permute_runs(const Tensor& x, const std::vector<int>& order, int axes, std::int64_t run,
                  Tensor& y) {
  std::array<std::int64_t, Shape::kMaxRank> step{}, size{}, index{};
  for (int i = 0; i < axes; ++i) {
    step[i] = 1;  // in x, of one index along axis i of y
    size[i] = y.dim(i);
    for (int j = order[i] + 1; j < x.shape().rank(); ++j) step[i] *= x.dim(j);
  }
  const T* from = static_cast<const T*>(x.data());
  T* const end = static_cast<T*>(y.data()) + y.size();
  std::int64_t at = 0;
  for (T* to = static_cast<T*>(y.data()); to != end; to += run) {
    std::copy_n(from + at, run, to);
    for (int i = axes - 1; i >= 0; --i) {
      at += step[i];
      if (++index[i] < size[i]) break;
      at -= step[i] * size[i];
      index[i] = 0;
    }
  }
}

Tensor permuted(const Tensor& x, const std::vector<int>& order) {
  std::vector<std::int64_t> dims;
  for (const int axis : order) dims.push_back(x.dim(axis));
  Tensor y(Shape(dims), x.dtype());
  int axes = static_cast<int>(order.size());  // but for the last ones, which keep their places
  std::int64_t run = 1;
  for (; axes > 0 && order[axes - 1] == axes - 1; --axes) run *= x.dim(axes - 1);
  if (size_of(x.dtype()) == 8)
    permute_runs<std::uint64_t>(x, order, axes, run, y);
  else if (size_of(x.dtype()) == 4)
    permute_runs<std::uint32_t>(x, order, axes, run, y);
  else
    permute_runs<std::uint16_t>(x, order, axes, run, y);
  return y;
}

}  // namespace

Variable slice(const Variable& x, int axis, std::int64_t begin, std::int64_t end) {
  const std::int64_t length = x.shape()[axis];
  if (begin < 0 || begin > end || end > length)
    bad_argument("slice", "expected 0 <= begin <= end <= {}, got {} and {}", length, begin, end);
  return Variable::make(slice_of(x.value(), axis, begin, end), {x},
                        [shape = x.shape(), axis, begin, end](const Tensor& dy) {
                          Tensor dx = Tensor::zeros(shape, dy.dtype());
                          copy_rows(dy, 0, dx, begin, end - begin, axis);
                          return std::vector<Tensor>{dx};
                        });
}

Variable select(const Variable& x, int axis, std::int64_t index) {
  const Variable part = slice(x, axis, index, index + 1);
  std::vector<std::int64_t> dims(part.shape().dims().begin(), part.shape().dims().end());
  dims.erase(dims.begin() + (axis < 0 ? axis + part.shape().rank() : axis));
  return reshape(part, Shape(dims));
}

Variable concat(const std::vector<Variable>& parts, int axis) {
  if (parts.empty()) bad_argument("concat", "expected at least one part, got none");
  const Shape& first = parts[0].shape();
  std::vector<std::int64_t> ends;
  for (const Variable& part : parts) {
    if (part.dtype() != parts[0].dtype() || part.shape().rank() != first.rank() ||
        with_dim(part.shape(), axis, first[axis]) != first)
      bad_argument("concat", "expected {} {} but for axis {}, got {} {}",
                   to_string(parts[0].dtype()), to_string(first), axis, to_string(part.dtype()),
                   to_string(part.shape()));
    ends.push_back((ends.empty() ? 0 : ends.back()) + part.shape()[axis]);
  }
  Tensor y(with_dim(first, axis, ends.back()), parts[0].dtype());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::int64_t count = parts[i].shape()[axis];
    copy_rows(parts[i].value(), 0, y, ends[i] - count, count, axis);
  }
  return Variable::make(std::move(y), parts, [ends, axis](const Tensor& dy) {
    std::vector<Tensor> terms;
    for (std::size_t i = 0; i < ends.size(); ++i)
      terms.push_back(slice_of(dy, axis, i == 0 ? 0 : ends[i - 1], ends[i]));
    return terms;
  });
}

Variable stack(const std::vector<Variable>& parts) {
  std::vector<Variable> rows;
  for (const Variable& part : parts) {
    std::vector<std::int64_t> dims(part.shape().dims().begin(), part.shape().dims().end());
    dims.insert(dims.begin(), 1);
    rows.push_back(reshape(part, Shape(dims)));
  }
  return concat(rows, 0);
}

Variable permute(const Variable& x, const std::vector<int>& order) {
  std::vector<int> inverse(order.size(), -1);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto axis = static_cast<std::size_t>(order[i]);
    if (axis < inverse.size() && inverse[axis] < 0) inverse[axis] = static_cast<int>(i);
  }
  if (static_cast<int>(order.size()) != x.shape().rank() ||
      std::count(inverse.begin(), inverse.end(), -1) > 0)
    bad_argument("permute", "expected each of {} axes once", x.shape().rank());
  return Variable::make(permuted(x.value(), order), {x}, [inverse](const Tensor& dy) {
    return std::vector<Tensor>{permuted(dy, inverse)};
  });
}

Variable repeat(const Variable& x, int axis, std::int64_t count) {
  std::vector<std::int64_t> dims(x.shape().dims().begin(), x.shape().dims().end());
  if (axis < 0 || axis > x.shape().rank() || count < 1)
    bad_argument("repeat", "expected an axis of 0 to {} and a count, got {} and {}",
                 x.shape().rank(), axis, count);
  dims.insert(dims.begin() + axis, 1);
  return concat(std::vector<Variable>(static_cast<std::size_t>(count), reshape(x, Shape(dims))),
                axis);
}

Variable reverse(const Variable& x, int axis) {
  return Variable::make(reversed(x.value(), axis), {x}, [axis](const Tensor& dy) {
    return std::vector<Tensor>{reversed(dy, axis)};
  });
}

}  // namespace tengen
