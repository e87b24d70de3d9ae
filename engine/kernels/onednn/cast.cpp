// Conversion between f32 and bf16, and sums in place.
#include <algorithm>

#include "engine/base/error.hpp"
#include "engine/kernels/backend.hpp"
#include "engine/kernels/onednn/vectorised.hpp"

namespace tengen::kernels {

namespace {

using dnn::elements;
using dnn::load;
using dnn::store;
using std::int64_t;

constexpr int64_t kPiece = 1 << 14;  // elements; shared out over the threads

/// work(first, count) for pieces of [0, size).
template <typename Work>
void for_each_piece(int64_t size, const Work& work) {
#pragma omp parallel for schedule(static) if (size >= kMinShared)
  for (int64_t first = 0; first < size; first += kPiece)
    work(first, std::min(kPiece, size - first));
}

template <typename From, typename To>
void convert(const From* __restrict in, int64_t size, To* __restrict out) {
#pragma omp simd
  for (int64_t i = 0; i < size; ++i) store(load(in[i]), out[i]);
}

template <typename From, typename To>
Tensor converted(const Tensor& x, DType dtype) {
  Tensor y(x.shape(), dtype);
  for_each_piece(x.size(), [&](int64_t first, int64_t count) {
    dnn::vectorised([in = elements<From>(x) + first, out = elements<To>(y) + first, count] {
      convert(in, count, out);
    });
  });
  return y;
}

template <typename T>
void add_piece(T* sum, const T* term, int64_t size) {
#pragma omp simd
  for (int64_t i = 0; i < size; ++i) store(load(sum[i]) + load(term[i]), sum[i]);
}

}  // namespace

Tensor cast(const Tensor& x, DType dtype) {
  if (x.dtype() == DType::f32 && dtype == DType::bf16) return converted<float, BFloat16>(x, dtype);
  if (x.dtype() == DType::bf16 && dtype == DType::f32) return converted<BFloat16, float>(x, dtype);
  return x.to(dtype);
}

void add_in_place(Tensor& sum, const Tensor& term) {
  if (sum.shape() != term.shape() || sum.dtype() != term.dtype())
    bad_argument("add_in_place", "expected {} {}, got {} {}", to_string(sum.dtype()),
                 to_string(sum.shape()), to_string(term.dtype()), to_string(term.shape()));
  if (sum.dtype() == DType::f64) {
    std::ranges::transform(sum.values<double>(), term.values<double>(),
                           sum.values<double>().begin(), std::plus<double>());
    return;
  }
  dnn::with_storage_type(sum.dtype(), [&]<typename T>(T) {
    for_each_piece(sum.size(), [&](int64_t first, int64_t count) {
      dnn::vectorised([out = elements<T>(sum) + first, in = elements<T>(term) + first, count] {
        add_piece(out, in, count);
      });
    });
  });
}

}  // namespace tengen::kernels
