#include "engine/autograd/ops_norm.hpp"

#include "engine/kernels/backend.hpp"

namespace tengen {

BatchNormResult batch_norm_train(const Variable& x, const Variable& gamma, const Variable& beta,
                                 double epsilon) {
  const kernels::Backend& backend = kernels::default_for(x.dtype());
  kernels::BatchNormForward forward =
      backend.batch_norm_train(x.value(), gamma.value(), beta.value(), epsilon);
  Variable y = Variable::make(std::move(forward.y), {x, gamma, beta},
                              [&backend, x = x.value(), gamma = gamma.value(), mean = forward.mean,
                               variance = forward.variance, epsilon](const Tensor& dy) {
                                kernels::BatchNormBackward back = backend.batch_norm_backward(
                                    dy, x, gamma, mean, variance, epsilon);
                                return std::vector<Tensor>{back.dx, back.dgamma, back.dbeta};
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
          dgamma =
              backend.sum_to(backend.binary(kernels::Binary::multiply, dy, normal), gamma.shape());
        }
        if (need_beta) dbeta = backend.sum_to(dy, gamma.shape());
        return std::vector<Tensor>{dx, dgamma, dbeta};
      });
}

}  // namespace tengen
