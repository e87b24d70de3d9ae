#include "engine/autograd/ops_conv.hpp"

namespace tengen {

Variable conv2d(const Variable& x, const Variable& weight, const Variable& bias,
                const kernels::Conv2dParams& params) {
  const kernels::Backend& backend = kernels::default_for(x.dtype());
  const bool has_bias = bias.defined();
  Tensor y = backend.conv2d(x.value(), weight.value(), has_bias ? bias.value() : Tensor(), params);
  std::vector<Variable> parents{x, weight};
  if (has_bias) parents.push_back(bias);
  return Variable::make(std::move(y), std::move(parents),
                        [&backend, params, x = x.value(), weight = weight.value(), has_bias,
                         need_x = x.requires_grad(), need_weight = weight.requires_grad(),
                         need_bias = bias.requires_grad()](const Tensor& dy) {
                          Tensor dx, dweight, dbias;
                          if (need_x)
                            dx = backend.conv2d_backward_data(dy, weight, x.shape(), params);
                          if (need_weight)
                            dweight = backend.conv2d_backward_weight(dy, x, weight.shape(), params);
                          if (need_bias)
                            dbias = kernels::default_for(weight.dtype())
                                        .sum_to(kernels::cast(dy, weight.dtype()), {dy.dim(-1)});
                          return has_bias ? std::vector<Tensor>{dx, dweight, dbias}
                                          : std::vector<Tensor>{dx, dweight};
                        });
}

}  // namespace tengen
