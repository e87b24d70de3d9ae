#include "engine/optim/sgd.hpp"

#include <utility>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/base/vectorised.hpp"

namespace tengen {

namespace {

void check(const SgdOptions& options) {
  if (options.momentum < 0 || options.momentum >= 1)
    bad_argument("Sgd", "expected a momentum in [0, 1), got {}", options.momentum);
  if (options.nesterov && options.momentum == 0)
    bad_argument("Sgd", "expected momentum > 0 with nesterov, got 0");
  if (options.weight_decay < 0)
    bad_argument("Sgd", "expected weight_decay >= 0, got {}", options.weight_decay);
}

}  // namespace

Sgd::Sgd(std::vector<NamedParameter> parameters, const SgdOptions& options)
    : Optimizer(std::move(parameters), options.learning_rate), options_(options) {
  check(options);
  if (options.momentum > 0) velocity_ = zeros_like_parameters();
}

std::vector<NamedBuffer> Sgd::state() const { return named("momentum", velocity_); }

void Sgd::update(std::size_t index, Tensor& value, const Tensor& grad) {
  dispatch_float("Sgd", value.dtype(), [&]<typename T>(T) {
    const T rate = T(learning_rate()), momentum = T(options_.momentum);
    const T decay = T(options_.weight_decay);
    T* const theta = value.values<T>().data();
    const T* const g = grad.values<T>().data();
    const std::int64_t size = value.size();
    if (velocity_.empty()) {
      run_on(cpu_vector_isa(), [=] {
#pragma omp simd
        for (std::int64_t i = 0; i < size; ++i) theta[i] -= rate * (g[i] + decay * theta[i]);
      });
      return;
    }
    T* const v = velocity_[index].values<T>().data();
    // Both forms: theta moves by ahead v - behind g, with the new v.
    const T ahead = options_.nesterov ? momentum : T(1);
    const T behind = options_.nesterov ? rate : T(0);
    run_on(cpu_vector_isa(), [=] {
#pragma omp simd
      for (std::int64_t i = 0; i < size; ++i) {
        const T gradient = g[i] + decay * theta[i];
        v[i] = momentum * v[i] - rate * gradient;
        theta[i] += ahead * v[i] - behind * gradient;
      }
    });
  });
}

}  // namespace tengen
