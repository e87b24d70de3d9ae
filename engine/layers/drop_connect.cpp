#include "engine/layers/drop_connect.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/base/error.hpp"
#include "engine/init/initializers.hpp"
#include "engine/layers/dropout.hpp"

namespace tengen {

DropConnect::DropConnect(std::int64_t in, std::int64_t out, double drop, Rng& rng)
    : drop_(drop),
      weight_(he_normal({out, in}, in, rng), true),
      bias_(Tensor::zeros({out}), true),
      rng_(rng()) {
  if (!(drop >= 0 && drop < 1))
    bad_argument("DropConnect", "expected drop in [0, 1), got {}", drop);
  register_parameter("weight", weight_);
  register_parameter("bias", bias_);
}

Variable DropConnect::forward(const Variable& x) {
  Variable weight = weight_;
  if (training() && drop_ > 0)
    weight =
        multiply(weight_, Variable(dropout_mask(weight_.shape(), weight_.dtype(), drop_, rng_)));
  return add(matmul(x, weight, false, true), bias_);
}

}  // namespace tengen
