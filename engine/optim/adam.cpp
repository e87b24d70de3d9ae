#include "engine/optim/adam.hpp"

#include <Eigen/Core>
#include <cmath>
#include <utility>

#include "engine/autograd/dispatch_float.hpp"

namespace tengen {

namespace {

void check(const AdamOptions& options) {
  for (double beta : {options.beta1, options.beta2})
    if (beta < 0 || beta >= 1) bad_argument("Adam", "expected betas in [0, 1), got {}", beta);
  if (options.epsilon <= 0)
    bad_argument("Adam", "expected a positive epsilon, got {}", options.epsilon);
  if (options.weight_decay < 0)
    bad_argument("Adam", "expected weight_decay >= 0, got {}", options.weight_decay);
}

}  // namespace

Adam::Adam(std::vector<NamedParameter> parameters, const AdamOptions& options)
    : Optimizer(std::move(parameters), options.learning_rate), options_(options) {
  check(options);
  mean_ = zeros_like_parameters();
  square_ = zeros_like_parameters();
}

std::vector<NamedBuffer> Adam::state() const {
  std::vector<NamedBuffer> result = named("mean", mean_);
  for (NamedBuffer& square : named("square", square_)) result.push_back(std::move(square));
  return result;
}

void Adam::update(std::size_t index, Tensor& value, const Tensor& grad) {
  dispatch_float("Adam", value.dtype(), [&]<typename T>(T) {
    const auto t = static_cast<double>(steps() - began_at());
    const double correction1 = 1 - std::pow(options_.beta1, t);
    const double correction2 = 1 - std::pow(options_.beta2, t);
    const T rate = T(learning_rate() / correction1);
    const T root_scale = T(1 / std::sqrt(correction2));
    const T beta1 = T(options_.beta1), beta2 = T(options_.beta2), epsilon = T(options_.epsilon);
    const T mix1 = T(1 - options_.beta1), mix2 = T(1 - options_.beta2);
    const T shrink = T(options_.decoupled ? 1 - learning_rate() * options_.weight_decay : 1.0);
    const T decay = T(options_.decoupled ? 0.0 : options_.weight_decay);
    // Eigen's square root keeps the loop in vectors where std::sqrt's errno would not.
    const std::int64_t size = value.size();
    Eigen::Map<Eigen::ArrayX<T>> theta(value.values<T>().data(), size),
        m(mean_[index].values<T>().data(), size), v(square_[index].values<T>().data(), size);
    const Eigen::Map<const Eigen::ArrayX<T>> g(grad.values<T>().data(), size);
    m = beta1 * m + mix1 * (g + decay * theta);
    v = beta2 * v + mix2 * (g + decay * theta).square();
    theta = shrink * theta - rate * m / (v.sqrt() * root_scale + epsilon);
  });
}

}  // namespace tengen
