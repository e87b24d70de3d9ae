#include "engine/layers/batch_norm.hpp"

#include "engine/autograd/dispatch_float.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/base/error.hpp"
#include "engine/layers/batch_statistics.hpp"

namespace tengen {

BatchNorm::BatchNorm(std::int64_t channels, double momentum, double epsilon)
    : momentum_(momentum),
      epsilon_(epsilon),
      gamma_(Tensor::full({channels}, 1.0), true),
      beta_(Tensor::zeros({channels}), true),
      running_mean_(Tensor::zeros({channels})),
      running_variance_(Tensor::full({channels}, 1.0)) {
  if (momentum < 0 || momentum > 1)
    bad_argument("BatchNorm", "expected a momentum in [0, 1], got {}", momentum);
  if (epsilon <= 0) bad_argument("BatchNorm", "expected a positive epsilon, got {}", epsilon);
  register_parameter("gamma", gamma_);
  register_parameter("beta", beta_);
  register_buffer("running_mean", running_mean_);
  register_buffer("running_variance", running_variance_);
}

Variable BatchNorm::forward(const Variable& x) {
  if (!training())
    return batch_norm_eval(x, gamma_, beta_, running_mean_, running_variance_, epsilon_);
  return normalise_batch(x, {});
}

Variable BatchNorm::forward_relu(const Variable& x, const Variable& residual) {
  if (training()) return normalise_batch(x, {.residual = residual, .relu = true});
  const Variable normal = forward(x);
  return relu(residual.defined() ? add(normal, residual) : normal);
}

Variable BatchNorm::normalise_batch(const Variable& x, const NormTail& tail) {
  const std::int64_t rows = x.value().size() / gamma_.value().size();
  if (rows < 2) bad_argument("BatchNorm", "expected at least 2 rows in training, got {}", rows);
  BatchNormResult result = batch_norm_train(x, gamma_, beta_, epsilon_, tail);
  update_running(result.mean, result.variance, rows);
  return result.y;
}

void BatchNorm::update_running(const Tensor& mean, const Tensor& variance, std::int64_t rows) {
  const double unbiased = double(rows) / double(rows - 1);
  const double momentum = statistics_momentum(momentum_);
  dispatch_float("BatchNorm", mean.dtype(), [&]<typename T>(T) {
    const auto move = [momentum](std::span<T> running, std::span<const T> batch, double factor) {
      for (std::size_t i = 0; i < running.size(); ++i)
        running[i] = T(momentum * running[i] + (1 - momentum) * factor * batch[i]);
    };
    move(running_mean_.values<T>(), mean.values<T>(), 1.0);
    move(running_variance_.values<T>(), variance.values<T>(), unbiased);
  });
}

}  // namespace tengen
