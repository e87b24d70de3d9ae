#include "engine/autograd/ops_local_response_norm.hpp"

#include <cstdlib>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/base/error.hpp"

namespace tengen {

namespace {

/// [C, C], `weight` where two channels share a window: the sum over windows as a matrix product.
Tensor band(std::int64_t channels, int radius, double weight, DType dtype) {
  Tensor result = Tensor::zeros({channels, channels}, dtype);
  dispatch_float("local_response_norm", dtype, [&]<typename T>(T) {
    for (std::int64_t i = 0; i < channels; ++i)
      for (std::int64_t j = 0; j < channels; ++j)
        if (std::abs(i - j) <= radius)
          result.values<T>()[std::size_t(i * channels + j)] = T(weight);
  });
  return result;
}

}  // namespace

Variable local_response_norm(const Variable& x, const LocalResponseNormOptions& options) {
  if (options.size < 1 || options.size % 2 == 0)
    bad_argument("local_response_norm", "expected an odd size, got {}", options.size);
  if (options.k <= 0)
    bad_argument("local_response_norm", "expected a positive k, got {}", options.k);
  const std::int64_t channels = x.shape()[-1];
  const Variable rows = reshape(x, {x.value().size() / channels, channels});
  const Variable window(band(channels, options.size / 2, options.alpha / options.size, x.dtype()));
  const Variable k(Tensor::full(Shape(), options.k, x.dtype()));
  const Variable energy = add(matmul(square(rows), window), k);
  return reshape(multiply(rows, exp(scale(log(energy), -options.beta))), x.shape());
}

}  // namespace tengen
