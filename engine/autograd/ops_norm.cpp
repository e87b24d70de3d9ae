#include "engine/autograd/ops_norm.hpp"

#include "engine/kernels/backend.hpp"

namespace tengen {

namespace {

/// Of x [..., C], as a gradient of `parameter` [C] (f32 where x is bf16).
Tensor sum_of_rows(const Tensor& x, const Tensor& parameter) {
  return kernels::default_for(parameter.dtype())
      .sum_to(kernels::cast(x, parameter.dtype()), parameter.shape());
}

}  // namespace

BatchNormResult batch_norm_train(const Variable& x, const Variable& gamma, const Variable& beta,
                                 double epsilon, const NormTail& tail) {
  const kernels::Backend& backend = kernels::default_for(x.dtype());
  const bool has_residual = tail.residual.defined();
  const kernels::BatchNormForward forward = backend.batch_norm_train(
      x.value(), gamma.value(), beta.value(), epsilon,
      {.residual = has_residual ? tail.residual.value() : Tensor(), .relu = tail.relu});
  const kernels::NormTailBackward tail_back{.y = tail.relu ? forward.y : Tensor(),
                                            .residual = tail.residual.requires_grad()};
  std::vector<Variable> parents{x, gamma, beta};
  if (has_residual) parents.push_back(tail.residual);
  Variable y = Variable::make(
      forward.y, std::move(parents),
      [&backend, x = x.value(), gamma = gamma.value(), mean = forward.mean,
       variance = forward.variance, epsilon, tail_back, has_residual](const Tensor& dy) {
        kernels::BatchNormBackward back =
            backend.batch_norm_backward(dy, x, gamma, mean, variance, epsilon, tail_back);
        std::vector<Tensor> terms{std::move(back.dx), std::move(back.dgamma),
                                  std::move(back.dbeta)};
        if (has_residual) terms.push_back(std::move(back.dresidual));
        return terms;
      });
  return {std::move(y), forward.mean, forward.variance};
}

// With constant statistics y is linear in x: dx = dy gamma / sqrt(variance + epsilon), which is the
// forward formula again with mean and beta 0; the factor of gamma is the normalised x.
Variable batch_norm_eval(const Variable& x, const Variable& gamma, const Variable& beta,
                         const Tensor& mean, const Tensor& variance, double epsilon) {
  const kernels::Backend& backend = kernels::default_for(x.dtype());
  Tensor y =
      backend.batch_norm_eval(x.value(), gamma.value(), beta.value(), mean, variance, epsilon);
  return Variable::make(
      std::move(y), {x, gamma, beta},
      [&backend, x = x.value(), gamma = gamma.value(), mean, variance, epsilon,
       need_x = x.requires_grad(), need_gamma = gamma.requires_grad(),
       need_beta = beta.requires_grad()](const Tensor& dy) {
        const Tensor zeros = Tensor::zeros(gamma.shape(), gamma.dtype());
        Tensor dx, dgamma, dbeta;
        if (need_x) dx = backend.batch_norm_eval(dy, gamma, zeros, zeros, variance, epsilon);
        if (need_gamma) {
          const Tensor ones = Tensor::full(gamma.shape(), 1.0, gamma.dtype());
          const Tensor normal = backend.batch_norm_eval(x, ones, zeros, mean, variance, epsilon);
          dgamma = sum_of_rows(backend.binary(kernels::Binary::multiply, dy, normal), gamma);
        }
        if (need_beta) dbeta = sum_of_rows(dy, gamma);
        return std::vector<Tensor>{dx, dgamma, dbeta};
      });
}

}  // namespace tengen
