// An op from a formula: any function of one element and its derivative, applied to every element.
//
// For functions that the backends have no kernel for; a plain loop, float and double.
#pragma once

#include <cstddef>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/autograd/variable.hpp"

namespace tengen {

/// y = f(x), dL/dx = dL/dy derivative(x), element by element. Both are callable with float and
/// with double; `where` opens the message for any other dtype.
template <typename F, typename D>
Variable pointwise(const char* where, const Variable& x, F f, D derivative) {
  const Tensor input = x.value();
  Tensor y(input.shape(), input.dtype());
  dispatch_float(where, input.dtype(), [&]<typename T>(T) {
    const std::span<const T> in = input.values<T>();
    const std::span<T> out = y.values<T>();
    for (std::size_t i = 0; i < in.size(); ++i) out[i] = f(in[i]);
  });
  return Variable::make(std::move(y), {x}, [where, input, derivative](const Tensor& dy) {
    Tensor dx(input.shape(), input.dtype());
    dispatch_float(where, input.dtype(), [&]<typename T>(T) {
      const std::span<const T> in = input.values<T>(), down = dy.values<T>();
      const std::span<T> out = dx.values<T>();
      for (std::size_t i = 0; i < in.size(); ++i) out[i] = down[i] * derivative(in[i]);
    });
    return std::vector<Tensor>{dx};
  });
}

}  // namespace tengen
