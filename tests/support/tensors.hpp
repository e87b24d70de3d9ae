// Tensors for tests: random ones, and how far two differ.
#pragma once

#include <algorithm>
#include <cmath>

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
  const Tensor left = a.to(DType::f64), right = b.to(DType::f64);
  double difference = 0, magnitude = 0;
  for (std::size_t i = 0; i < left.values<double>().size(); ++i) {
    const double x = left.values<double>()[i], y = right.values<double>()[i];
    if (std::isnan(x) || std::isnan(y)) return INFINITY;
    difference = std::max(difference, std::abs(x - y));
    magnitude = std::max(magnitude, std::abs(y));
  }
  return difference == 0 ? 0 : difference / magnitude;
}

/// Sum of the products of corresponding elements.
inline double dot(const Tensor& a, const Tensor& b) {
  const Tensor left = a.to(DType::f64), right = b.to(DType::f64);
  double sum = 0;
  for (std::size_t i = 0; i < left.values<double>().size(); ++i)
    sum += left.values<double>()[i] * right.values<double>()[i];
  return sum;
}

}  // namespace tengen::test
