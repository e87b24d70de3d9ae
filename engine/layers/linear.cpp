#include "engine/layers/linear.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/base/error.hpp"
#include "engine/init/initializers.hpp"

namespace tengen {

Linear::Linear(std::int64_t in, std::int64_t out, Rng& rng, Init init)
    : weight_(init == Init::he ? he_normal({out, in}, in, rng)
                               : xavier_uniform({out, in}, in, out, rng),
              true),
      bias_(Tensor::zeros({out}), true) {
  register_parameter("weight", weight_);
  register_parameter("bias", bias_);
}

Linear::Linear(const Variable& shared_weight)
    : weight_(shared_weight),
      bias_(Tensor::zeros({shared_weight.shape()[0]}, shared_weight.dtype()), true) {
  if (weight_.shape().rank() != 2)
    bad_argument("Linear", "expected a weight [out, in], got shape {}", to_string(weight_.shape()));
  register_parameter("bias", bias_);
}

Variable Linear::forward(const Variable& x) { return add(matmul(x, weight_, false, true), bias_); }

}  // namespace tengen
