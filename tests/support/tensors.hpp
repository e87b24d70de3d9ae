// Tensors for tests: random ones, and how far two differ.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/random.hpp"
#include "engine/tensor/tensor.hpp"

namespace tengen::test {

/// Standard normal numbers.
inline Tensor random_tensor(Shape shape, Rng& rng, DType dtype = DType::f32) {
  Tensor tensor(shape, DType::f64);
  for (double& x : tensor.values<double>()) x = rng.normal();
  return tensor.to(dtype);
}

/// Largest |a - b|, relative to the largest |b|. Infinite if the shapes differ or a number is NaN.
inline double relative_difference(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape()) return INFINITY;
  const Tensor a64 = a.to(DType::f64), b64 = b.to(DType::f64);
  const auto x = a64.values<double>(), y = b64.values<double>();
  double difference = 0, magnitude = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(y[i])) return INFINITY;
    difference = std::max(difference, std::abs(x[i] - y[i]));
    magnitude = std::max(magnitude, std::abs(y[i]));
  }
  return difference == 0 ? 0 : difference / magnitude;
}

/// Sum of the products of corresponding elements.
inline double dot(const Tensor& a, const Tensor& b) {
  const Tensor a64 = a.to(DType::f64), b64 = b.to(DType::f64);
  const auto x = a64.values<double>(), y = b64.values<double>();
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
}

}  // namespace tengen::test
