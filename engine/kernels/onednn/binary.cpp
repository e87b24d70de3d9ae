#include <algorithm>
#include <functional>

#include "engine/base/error.hpp"
#include "engine/kernels/onednn/kernels.hpp"

namespace tengen::kernels::dnn {

namespace {

constexpr std::int64_t kPiece = 1 << 15;  // elements; shared out over the threads

/// y[i] = f(a[i], b[i]) for one piece of the same length of each.
template <typename F>
void map_piece(const float* a, const float* b, float* y, std::int64_t size, F f) {
#pragma omp simd
  for (std::int64_t i = 0; i < size; ++i) y[i] = f(a[i], b[i]);
}

/// Rows of a as long as b. One long row (equal shapes) is cut into pieces to be shared out.
template <typename F>
Tensor map_pairs(const Tensor& a, const Tensor& b, F f) {
  Tensor y(a.shape());
  const float* left = a.values<float>().data();
  const float* right = b.values<float>().data();
  float* out = y.values<float>().data();
  const std::int64_t columns = b.size(), rows = a.size() / columns;
  const std::int64_t piece = std::min(columns, kPiece);
  const std::int64_t pieces = (columns + piece - 1) / piece;
#pragma omp parallel for collapse(2) schedule(static) if (a.size() >= kMinShared)
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t part = 0; part < pieces; ++part) {
      const std::int64_t column = part * piece, start = row * columns + column;
      map_piece(left + start, right + column, out + start, std::min(piece, columns - column), f);
    }
  return y;
}

}  // namespace

Tensor binary(Binary op, const Tensor& a, const Tensor& b) {
  switch (op) {
    case Binary::add:
      return map_pairs(a, b, std::plus<float>());
    case Binary::subtract:
      return map_pairs(a, b, std::minus<float>());
    case Binary::multiply:
      return map_pairs(a, b, std::multiplies<float>());
    case Binary::divide:
      return map_pairs(a, b, std::divides<float>());
  }
  bad_argument("binary", "expected a known operation, got {}", static_cast<int>(op));
}

}  // namespace tengen::kernels::dnn
