#include <algorithm>
#include <cmath>

#include "engine/kernels/reference/kernels.hpp"

namespace tengen::kernels::ref {

namespace {

/// The row's maximum and the sum of exp(x - maximum).
template <typename T>
struct RowStatistics {
  explicit RowStatistics(std::span<const T> row) : maximum(*std::ranges::max_element(row)) {
    for (T x : row) sum += std::exp(double{x} - maximum);
  }
  double maximum;
  double sum = 0;
};

/// Row by row, y = f(x, statistics of the row).
template <typename T, typename F>
Tensor map_rows(const Tensor& x, F f) {
  Tensor y(x.shape(), x.dtype());
  const auto columns = static_cast<std::size_t>(x.dim(-1));
  for (std::size_t start = 0; start < x.values<T>().size(); start += columns) {
    const auto row = x.values<T>().subspan(start, columns);
    const RowStatistics<T> statistics(row);
    std::ranges::transform(row, y.values<T>().begin() + static_cast<std::ptrdiff_t>(start),
                           [&](T value) { return static_cast<T>(f(double{value}, statistics)); });
  }
  return y;
}

}  // namespace

template <typename T>
Tensor softmax(const Tensor& x) {
  return map_rows<T>(x, [](double value, const RowStatistics<T>& row) {
    return std::exp(value - row.maximum) / row.sum;
  });
}

template <typename T>
Tensor log_softmax(const Tensor& x) {
  return map_rows<T>(x, [](double value, const RowStatistics<T>& row) {
    return value - row.maximum - std::log(row.sum);
  });
}

template Tensor softmax<float>(const Tensor&);
template Tensor softmax<double>(const Tensor&);
template Tensor log_softmax<float>(const Tensor&);
template Tensor log_softmax<double>(const Tensor&);

}  // namespace tengen::kernels::ref
