#include "engine/optim/adagrad.hpp"

#include <cmath>
#include <utility>

#include "engine/autograd/dispatch_float.hpp"

namespace tengen {

namespace {

void check(const AdaGradOptions& options) {
  if (options.epsilon <= 0)
    bad_argument("AdaGrad", "expected a positive epsilon, got {}", options.epsilon);
  if (options.weight_decay < 0)
    bad_argument("AdaGrad", "expected weight_decay >= 0, got {}", options.weight_decay);
}

}  // namespace

AdaGrad::AdaGrad(std::vector<NamedParameter> parameters, const AdaGradOptions& options)
    : Optimizer(std::move(parameters), options.learning_rate), options_(options) {
  check(options);
  square_ = zeros_like_parameters();
}

std::vector<NamedBuffer> AdaGrad::state() const { return named("square", square_); }

void AdaGrad::update(std::size_t index, Tensor& value, const Tensor& grad) {
  dispatch_float("AdaGrad", value.dtype(), [&]<typename T>(T) {
    const T rate = T(learning_rate()), epsilon = T(options_.epsilon);
    const T decay = T(options_.weight_decay);
    const std::span<T> theta = value.values<T>(), h = square_[index].values<T>();
    const std::span<const T> g = grad.values<T>();
    for (std::size_t i = 0; i < theta.size(); ++i) {
      const T gradient = g[i] + decay * theta[i];
      h[i] += gradient * gradient;
      theta[i] -= rate * gradient / (std::sqrt(h[i]) + epsilon);
    }
  });
}

}  // namespace tengen
