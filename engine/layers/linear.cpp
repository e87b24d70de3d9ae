#include "engine/layers/linear.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
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

Variable Linear::forward(const Variable& x) { return add(matmul(x, weight_, false, true), bias_); }

}  // namespace tengen
