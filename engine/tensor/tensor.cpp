#include "engine/tensor/tensor.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "engine/base/error.hpp"
#include "engine/tensor/storage.hpp"

namespace tengen {

namespace {

/// Calls f with a value of the element type that `dtype` names.
template <typename F>
void with_element_type(DType dtype, F&& f) {
  switch (dtype) {
    case DType::f32:
      return f(float{});
    case DType::f64:
      return f(double{});
    case DType::bf16:
      return f(BFloat16{});
    case DType::i32:
      return f(std::int32_t{});
  }
  bad_argument("tensor", "expected a known dtype, got {}", static_cast<int>(dtype));
}

double to_double(double x) { return x; }
double to_double(BFloat16 x) { return to_float(x); }

template <typename T>
T from_double(double x) {
  if constexpr (std::is_same_v<T, BFloat16>)
    return to_bfloat16(static_cast<float>(x));
  else
    return static_cast<T>(x);
}

/// False for a tensor of shape alone (ShapesOnly): nothing owns what it points to.
bool has_numbers(const std::shared_ptr<std::byte[]>& storage) { return storage.use_count() > 0; }

}  // namespace

std::size_t size_of(DType dtype) {
  std::size_t size = 0;
  with_element_type(dtype, [&](auto zero) { size = sizeof(zero); });
  return size;
}

std::string to_string(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return "f32";
    case DType::f64:
      return "f64";
    case DType::bf16:
      return "bf16";
    case DType::i32:
      return "i32";
  }
  return "unknown";
}

BFloat16 to_bfloat16(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  // Rounding could carry a NaN's payload away and leave an infinity: keep it quiet instead.
  if (std::isnan(x)) return {static_cast<std::uint16_t>((bits >> 16) | 0x40u)};
  return {static_cast<std::uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16)};
}

float to_float(BFloat16 x) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(x.bits) << 16);
}

Shape::Shape(std::initializer_list<std::int64_t> dims)
    : Shape(std::span<const std::int64_t>(dims.begin(), dims.size())) {}

Shape::Shape(std::span<const std::int64_t> dims) : rank_(static_cast<int>(dims.size())) {
  if (dims.size() > std::size_t{kMaxRank})
    bad_argument("shape", "expected at most {} dimensions, got {}", int{kMaxRank}, dims.size());
  for (std::int64_t dim : dims)
    if (dim < 0) bad_argument("shape", "expected dimensions of at least 0, got {}", dim);
  std::copy(dims.begin(), dims.end(), dims_.begin());
}

std::int64_t Shape::operator[](int axis) const {
  const int index = axis < 0 ? axis + rank_ : axis;
  if (index < 0 || index >= rank_)
    bad_argument("shape", "expected an axis of {}, got {}", to_string(*this), axis);
  return dims_[static_cast<std::size_t>(index)];
}

std::int64_t Shape::size() const {
  std::int64_t product = 1;
  for (std::int64_t dim : dims()) product *= dim;
  return product;
}

bool operator==(const Shape& a, const Shape& b) { return std::ranges::equal(a.dims(), b.dims()); }

std::string to_string(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape.dims().begin(), shape.dims().end(), ", "));
}

Tensor::Tensor(Shape shape, DType dtype)
    : storage_(allocate_storage(static_cast<std::size_t>(shape.size()) * size_of(dtype))),
      shape_(shape),
      dtype_(dtype) {}

Tensor Tensor::zeros(Shape shape, DType dtype) {
  Tensor tensor(shape, dtype);
  // All bits zero is the number zero in every dtype.
  if (has_numbers(tensor.storage_))
    std::memset(tensor.data(), 0, static_cast<std::size_t>(shape.size()) * size_of(dtype));
  return tensor;
}

Tensor Tensor::full(Shape shape, double value, DType dtype) {
  Tensor tensor(shape, dtype);
  tensor.fill(value);
  return tensor;
}

template <typename T>
Tensor Tensor::from(Shape shape, std::span<const T> values) {
  if (static_cast<std::int64_t>(values.size()) != shape.size())
    bad_argument("tensor", "expected {} values for shape {}, got {}", shape.size(),
                 to_string(shape), values.size());
  Tensor tensor(shape, DTypeOf<T>::value);
  if (has_numbers(tensor.storage_)) std::ranges::copy(values, tensor.values<T>().begin());
  return tensor;
}

template <typename T>
std::span<T> Tensor::values() {
  const std::span<const T> elements = std::as_const(*this).values<T>();
  return {const_cast<T*>(elements.data()), elements.size()};
}

template <typename T>
std::span<const T> Tensor::values() const {
  if (!defined()) bad_argument("tensor", "expected a tensor with storage, got an undefined one");
  if (dtype_ != DTypeOf<T>::value)
    bad_argument("tensor", "expected dtype {}, got {}", to_string(DTypeOf<T>::value),
                 to_string(dtype_));
  return {reinterpret_cast<const T*>(storage_.get()),
          has_numbers(storage_) ? static_cast<std::size_t>(size()) : 0};
}

Tensor Tensor::reshape(Shape shape) const {
  if (shape.size() != size())
    bad_argument("reshape", "expected a shape of {} elements, got {}", size(), to_string(shape));
  Tensor view = *this;
  view.shape_ = shape;
  return view;
}

Tensor Tensor::rows(std::int64_t begin, std::int64_t end) const {
  const std::int64_t length = dim(0);
  if (begin < 0 || begin > end || end > length)
    bad_argument("rows", "expected 0 <= begin <= end <= {}, got {} and {}", length, begin, end);
  std::vector<std::int64_t> dims(shape_.dims().begin(), shape_.dims().end());
  dims[0] = end - begin;
  Tensor view = *this;
  view.shape_ = Shape(dims);
  const auto row_bytes =
      length == 0 ? 0 : static_cast<std::size_t>(size() / length) * size_of(dtype_);
  if (has_numbers(storage_))
    view.storage_ = {storage_, storage_.get() + static_cast<std::size_t>(begin) * row_bytes};
  return view;
}

Tensor Tensor::clone() const {
  if (!defined()) return {};
  Tensor copy(shape_, dtype_);
  copy.copy_from(*this);
  return copy;
}

Tensor Tensor::to(DType dtype) const {
  if (dtype == dtype_ || !defined()) return *this;
  Tensor result(shape_, dtype);
  with_element_type(dtype_, [&](auto source) {
    with_element_type(dtype, [&](auto target) {
      using Target = decltype(target);
      std::ranges::transform(values<decltype(source)>(), result.values<Target>().begin(),
                             [](auto x) { return from_double<Target>(to_double(x)); });
    });
  });
  return result;
}

void Tensor::fill(double value) {
  with_element_type(dtype_, [&](auto element) {
    using T = decltype(element);
    std::ranges::fill(values<T>(), from_double<T>(value));
  });
}

void Tensor::copy_from(const Tensor& other) {
  if (!defined() || !other.defined() || shape_ != other.shape_ || dtype_ != other.dtype_)
    bad_argument("copy_from", "expected a tensor of {} {}, got {} {}", to_string(dtype_),
                 to_string(shape_), to_string(other.dtype_), to_string(other.shape_));
  if (has_numbers(storage_) && has_numbers(other.storage_))
    std::memmove(data(), other.data(), static_cast<std::size_t>(size()) * size_of(dtype_));
}

double Tensor::item() const {
  if (size() != 1) bad_argument("item", "expected one element, got shape {}", to_string(shape_));
  double value = 0;
  with_element_type(dtype_,
                    [&](auto element) { value = to_double(values<decltype(element)>().front()); });
  return value;
}

template Tensor Tensor::from(Shape, std::span<const float>);
template Tensor Tensor::from(Shape, std::span<const double>);
template Tensor Tensor::from(Shape, std::span<const BFloat16>);
template Tensor Tensor::from(Shape, std::span<const std::int32_t>);
template std::span<float> Tensor::values();
template std::span<double> Tensor::values();
template std::span<BFloat16> Tensor::values();
template std::span<std::int32_t> Tensor::values();
template std::span<const float> Tensor::values() const;
template std::span<const double> Tensor::values() const;
template std::span<const BFloat16> Tensor::values() const;
template std::span<const std::int32_t> Tensor::values() const;

}  // namespace tengen
