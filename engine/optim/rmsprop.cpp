#include "engine/optim/rmsprop.hpp"

#include <cmath>
#include <utility>

#include "engine/autograd/dispatch_float.hpp"

namespace tengen {

namespace {

void check(const RmsPropOptions& options) {
  if (options.decay < 0 || options.decay >= 1)
    bad_argument("RmsProp", "expected a decay in [0, 1), got {}", options.decay);
  if (options.epsilon <= 0)
    bad_argument("RmsProp", "expected a positive epsilon, got {}", options.epsilon);
  if (options.weight_decay < 0)
    bad_argument("RmsProp", "expected weight_decay >= 0, got {}", options.weight_decay);
}

}  // namespace

RmsProp::RmsProp(std::vector<NamedParameter> parameters, const RmsPropOptions& options)
    : Optimizer(std::move(parameters), options.learning_rate), options_(options) {
  check(options);
  square_ = zeros_like_parameters();
}

std::vector<NamedBuffer> RmsProp::state() const { return named("square", square_); }

void RmsProp::update(std::size_t index, Tensor& value, const Tensor& grad) {
  dispatch_float("RmsProp", value.dtype(), [&]<typename T>(T) {
    const T rate = T(learning_rate()), epsilon = T(options_.epsilon);
    const T keep = T(options_.decay), mix = T(1 - options_.decay);
    const T shrink = T(options_.weight_decay);
    const std::span<T> theta = value.values<T>(), h = square_[index].values<T>();
    const std::span<const T> g = grad.values<T>();
    for (std::size_t i = 0; i < theta.size(); ++i) {
      const T gradient = g[i] + shrink * theta[i];
      h[i] = keep * h[i] + mix * gradient * gradient;
      theta[i] -= rate * gradient / (std::sqrt(h[i]) + epsilon);
    }
  });
}

}  // namespace tengen
