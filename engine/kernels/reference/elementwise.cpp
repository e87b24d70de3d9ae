#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/kernels/reference/kernels.hpp"

namespace tengen::kernels::ref {

namespace {

template <typename T, typename F>
Tensor map(const Tensor& x, F f) {
  Tensor y(x.shape(), x.dtype());
  std::ranges::transform(x.values<T>(), y.values<T>().begin(), f);
  return y;
}

/// f(dy, v), where v is the forward's input or its output.
template <typename T, typename F>
Tensor map_gradient(const Tensor& dy, const Tensor& v, F f) {
  Tensor dx(dy.shape(), dy.dtype());
  std::ranges::transform(dy.values<T>(), v.values<T>(), dx.values<T>().begin(), f);
  return dx;
}

/// f(a, b), b repeated along the leading axes.
template <typename T, typename F>
Tensor map_pairs(const Tensor& a, const Tensor& b, F f) {
  Tensor y(a.shape(), a.dtype());
  const auto left = a.values<T>();
  const auto right = b.values<T>();
  const auto out = y.values<T>();
  for (std::size_t start = 0; start < left.size(); start += right.size())
    for (std::size_t i = 0; i < right.size(); ++i) out[start + i] = f(left[start + i], right[i]);
  return y;
}

}  // namespace

template <typename T>
Tensor unary(Unary op, const Tensor& x) {
  switch (op) {
    case Unary::relu:
      return map<T>(x, [](T v) { return std::max(v, T{0}); });
    case Unary::tanh:
      return map<T>(x, [](T v) { return std::tanh(v); });
    case Unary::sigmoid:
      return map<T>(x, [](T v) { return T{1} / (T{1} + std::exp(-v)); });
    case Unary::exp:
      return map<T>(x, [](T v) { return std::exp(v); });
    case Unary::log:
      return map<T>(x, [](T v) { return std::log(v); });
    case Unary::square:
      return map<T>(x, [](T v) { return v * v; });
    case Unary::negate:
      return map<T>(x, [](T v) { return -v; });
  }
  bad_argument("unary", "expected a known operation, got {}", static_cast<int>(op));
}

template <typename T>
Tensor unary_backward(Unary op, const Tensor& dy, const Tensor& x, const Tensor& y) {
  switch (op) {
    case Unary::relu:
      return map_gradient<T>(dy, y, [](T g, T v) { return v > 0 ? g : T{0}; });
    case Unary::tanh:
      return map_gradient<T>(dy, y, [](T g, T v) { return g * (T{1} - v * v); });
    case Unary::sigmoid:
      return map_gradient<T>(dy, y, [](T g, T v) { return g * v * (T{1} - v); });
    case Unary::exp:
      return map_gradient<T>(dy, y, [](T g, T v) { return g * v; });
    case Unary::log:
      return map_gradient<T>(dy, x, [](T g, T v) { return g / v; });
    case Unary::square:
      return map_gradient<T>(dy, x, [](T g, T v) { return T{2} * g * v; });
    case Unary::negate:
      return map<T>(dy, [](T g) { return -g; });
  }
  bad_argument("unary_backward", "expected a known operation, got {}", static_cast<int>(op));
}

template <typename T>
Tensor binary(Binary op, const Tensor& a, const Tensor& b) {
  switch (op) {
    case Binary::add:
      return map_pairs<T>(a, b, std::plus<T>());
    case Binary::subtract:
      return map_pairs<T>(a, b, std::minus<T>());
    case Binary::multiply:
      return map_pairs<T>(a, b, std::multiplies<T>());
    case Binary::divide:
      return map_pairs<T>(a, b, std::divides<T>());
  }
  bad_argument("binary", "expected a known operation, got {}", static_cast<int>(op));
}

template <typename T>
Tensor sum_to(const Tensor& x, const Shape& suffix) {
  std::vector<double> sums(static_cast<std::size_t>(suffix.size()), 0.0);
  const auto in = x.values<T>();
  for (std::size_t start = 0; start < in.size(); start += sums.size())
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += in[start + i];
  Tensor y(suffix, x.dtype());
  std::ranges::transform(sums, y.values<T>().begin(), [](double s) { return static_cast<T>(s); });
  return y;
}

template Tensor unary<float>(Unary, const Tensor&);
template Tensor unary<double>(Unary, const Tensor&);
template Tensor unary_backward<float>(Unary, const Tensor&, const Tensor&, const Tensor&);
template Tensor unary_backward<double>(Unary, const Tensor&, const Tensor&, const Tensor&);
template Tensor binary<float>(Binary, const Tensor&, const Tensor&);
template Tensor binary<double>(Binary, const Tensor&, const Tensor&);
template Tensor sum_to<float>(const Tensor&, const Shape&);
template Tensor sum_to<double>(const Tensor&, const Shape&);

}  // namespace tengen::kernels::ref
