#include "engine/autograd/ops_dense.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/base/error.hpp"

namespace tengen {

using kernels::DenseActivation;

Variable dense(const Variable& x, const Variable& weight, const Variable& bias,
               DenseActivation activation) {
  if (x.dtype() != DType::f32) {
    const Variable y = add(matmul(x, weight, false, true), bias);
    return activation == DenseActivation::tanh ? tanh(y) : y;
  }
  if (x.shape().rank() != 2 || weight.shape().rank() != 2 || x.shape()[1] != weight.shape()[1] ||
      bias.shape() != Shape{weight.shape()[0]})
    bad_argument("dense", "expected x [M, K], weight [N, K], bias [N], got {}, {}, {}",
                 to_string(x.shape()), to_string(weight.shape()), to_string(bias.shape()));
  thread_local kernels::PackedDense packed;
  kernels::pack_dense(weight.value(), bias.value(), packed);
  Tensor y({x.shape()[0], weight.shape()[0]});
  kernels::dense(packed, activation, y.dim(0), x.value().values<float>().data(),
                 y.values<float>().data());
  return Variable::make(y, {x, weight, bias},
                        [x = x.value(), weight = weight.value(), y, activation,
                         need_x = x.requires_grad()](const Tensor& dy) {
                          kernels::DenseGradient gradient =
                              kernels::dense_backward(dy, x, weight, y, activation, need_x);
                          return std::vector<Tensor>{gradient.x, gradient.weight, gradient.bias};
                        });
}

}  // namespace tengen
