#include "engine/autograd/ops_activation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/pointwise.hpp"
#include "engine/base/error.hpp"

namespace tengen {

Variable step(const Variable& x) {
  return pointwise(
      "step", x, [](auto v) { return v > 0 ? decltype(v)(1) : decltype(v)(0); },
      [](auto v) { return decltype(v)(0); });
}

Variable leaky_relu(const Variable& x, double slope) {
  return pointwise(
      "leaky_relu", x, [slope](auto v) { return v > 0 ? v : decltype(v)(slope) * v; },
      [slope](auto v) { return v > 0 ? decltype(v)(1) : decltype(v)(slope); });
}

Variable prelu(const Variable& x, const Variable& slopes) {
  const Variable negative = relu(scale(x, -1));
  return subtract(relu(x), multiply(negative, slopes));
}

Variable max_last_axis(const Variable& x) {
  const Shape& shape = x.shape();
  if (shape.rank() == 0 || shape[-1] == 0)
    bad_argument("max_last_axis", "expected a last axis that is not empty, got shape {}",
                 to_string(shape));
  const std::size_t k = std::size_t(shape[-1]);
  Tensor y(Shape(shape.dims().first(shape.rank() - 1)), x.dtype());
  std::vector<std::size_t> winners(std::size_t(y.size()));
  dispatch_float("max_last_axis", x.dtype(), [&]<typename T>(T) {
    const std::span<const T> in = x.value().values<T>();
    for (std::size_t row = 0; row < winners.size(); ++row) {
      const auto values = in.subspan(row * k, k);
      winners[row] = row * k + std::size_t(std::ranges::max_element(values) - values.begin());
      y.values<T>()[row] = in[winners[row]];
    }
  });
  return Variable::make(std::move(y), {x}, [shape, winners = std::move(winners)](const Tensor& dy) {
    Tensor dx = Tensor::zeros(shape, dy.dtype());
    dispatch_float("max_last_axis", dy.dtype(), [&]<typename T>(T) {
      for (std::size_t row = 0; row < winners.size(); ++row)
        dx.values<T>()[winners[row]] = dy.values<T>()[row];
    });
    return std::vector<Tensor>{dx};
  });
}

// d/dx x Phi(x) = Phi(x) + x phi(x), with the normal density phi.
Variable gelu(const Variable& x) {
  const auto distribution = [](auto v) {
    using T = decltype(v);
    return T(0.5) * (1 + std::erf(v * T(1 / std::numbers::sqrt2)));
  };
  return pointwise(
      "gelu", x, [distribution](auto v) { return v * distribution(v); },
      [distribution](auto v) {
        using T = decltype(v);
        const T density =
            std::exp(T(-0.5) * v * v) * T(std::numbers::inv_sqrtpi / std::numbers::sqrt2);
        return distribution(v) + v * density;
      });
}

Variable silu(const Variable& x) { return multiply(x, sigmoid(x)); }

Variable absolute(const Variable& x) {
  return pointwise(
      "absolute", x, [](auto v) { return std::abs(v); },
      [](auto v) { return decltype(v)(v > 0) - decltype(v)(v < 0); });
}

}  // namespace tengen
