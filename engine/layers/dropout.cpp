#include "engine/layers/dropout.hpp"

#include "engine/autograd/dispatch_float.hpp"
#include "engine/autograd/ops_elementwise.hpp"

namespace tengen {

Tensor dropout_mask(const Shape& shape, DType dtype, double drop, Rng& rng) {
  if (!(drop >= 0 && drop < 1)) bad_argument("dropout", "expected drop in [0, 1), got {}", drop);
  Tensor mask(shape, dtype);
  dispatch_float("dropout", dtype, [&]<typename T>(T) {
    const T kept = T(1 / (1 - drop));
    for (T& m : mask.values<T>()) m = rng.uniform() < drop ? T(0) : kept;
  });
  return mask;
}

Dropout::Dropout(double drop, Rng rng) : drop_(drop), rng_(rng) {
  if (!(drop >= 0 && drop < 1)) bad_argument("Dropout", "expected drop in [0, 1), got {}", drop);
}

Variable Dropout::forward(const Variable& x) {
  if (!training() || drop_ == 0) return x;
  return multiply(x, Variable(dropout_mask(x.shape(), x.dtype(), drop_, rng_)));
}

}  // namespace tengen
