// Shape, DType and Tensor: the arrays that everything numeric passes around.
//
// A Tensor is row-major and contiguous. Copying a Tensor shares its storage (as in PyTorch and
// NumPy); clone() copies the numbers. Images are [N, H, W, C] everywhere; convolution weights are
// [out, kh, kw, in / groups]. Storage is aligned to 64 bytes and freed with its last Tensor.
// Thread safety: as for plain memory; the shared count itself is atomic.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace tengen {

enum class DType : std::uint8_t { f32, f64, bf16, i32 };

std::size_t size_of(DType dtype);
std::string to_string(DType dtype);  // "f32"

/// bfloat16: the upper half of a float, rounded to nearest even.
struct BFloat16 {
  std::uint16_t bits = 0;
};
BFloat16 to_bfloat16(float x);
float to_float(BFloat16 x);

template <typename T>
struct DTypeOf;
template <>
struct DTypeOf<float> {
  static constexpr DType value = DType::f32;
};
template <>
struct DTypeOf<double> {
  static constexpr DType value = DType::f64;
};
template <>
struct DTypeOf<BFloat16> {
  static constexpr DType value = DType::bf16;
};
template <>
struct DTypeOf<std::int32_t> {
  static constexpr DType value = DType::i32;
};

/// Up to six dimensions; rank 0 is a scalar (one element).
class Shape {
 public:
  static constexpr int kMaxRank = 6;

  Shape() = default;
  Shape(std::initializer_list<std::int64_t> dims);
  explicit Shape(std::span<const std::int64_t> dims);

  int rank() const { return rank_; }
  /// Negative axes count from the end. Throws std::invalid_argument outside the rank.
  std::int64_t operator[](int axis) const;
  std::int64_t size() const;  // product of all dimensions
  std::span<const std::int64_t> dims() const { return {dims_.data(), std::size_t(rank_)}; }

  friend bool operator==(const Shape& a, const Shape& b);

 private:
  std::array<std::int64_t, kMaxRank> dims_{};
  int rank_ = 0;
};

std::string to_string(const Shape& shape);  // "[32, 9, 9, 17]"

class Tensor {
 public:
  /// No storage: defined() is false.
  Tensor() = default;
  /// Uninitialised storage.
  explicit Tensor(Shape shape, DType dtype = DType::f32);

  static Tensor zeros(Shape shape, DType dtype = DType::f32);
  static Tensor full(Shape shape, double value, DType dtype = DType::f32);
  /// Copies `values`, row-major; their number must equal shape.size().
  template <typename T>
  static Tensor from(Shape shape, std::span<const T> values);
  template <typename T>
  static Tensor from(Shape shape, std::initializer_list<T> values) {
    return from(shape, std::span<const T>(values.begin(), values.size()));
  }

  bool defined() const { return storage_ != nullptr; }
  const Shape& shape() const { return shape_; }
  std::int64_t dim(int axis) const { return shape_[axis]; }
  std::int64_t size() const { return shape_.size(); }
  DType dtype() const { return dtype_; }

  /// The elements; T must match the dtype, else std::invalid_argument.
  template <typename T>
  std::span<T> values();
  template <typename T>
  std::span<const T> values() const;
  void* data() { return storage_.get(); }
  const void* data() const { return storage_.get(); }

  /// Same storage, other shape of the same size.
  Tensor reshape(Shape shape) const;
  /// Same storage, the indices begin <= i < end of the first axis (contiguous, as it is the first).
  Tensor rows(std::int64_t begin, std::int64_t end) const;
  Tensor clone() const;
  /// Converted copy (or *this if the dtype is the same).
  Tensor to(DType dtype) const;

  void fill(double value);
  /// Overwrites the numbers with those of `other`: same shape and dtype.
  void copy_from(const Tensor& other);
  /// The only element of a tensor of size 1, as double.
  double item() const;
  /// No other tensor has this storage: writing to it changes nothing elsewhere.
  bool owns_storage_alone() const { return storage_.use_count() == 1; }
  bool shares_storage_with(const Tensor& other) const {
    return !storage_.owner_before(other.storage_) && !other.storage_.owner_before(storage_);
  }

 private:
  std::shared_ptr<std::byte[]> storage_;
  Shape shape_;
  DType dtype_ = DType::f32;
};

}  // namespace tengen
