#include "engine/losses/smooth_l1.hpp"

#include <algorithm>
#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/autograd/pointwise.hpp"

namespace tengen {

Variable smooth_l1(const Variable& prediction, const Tensor& target, double beta) {
  if (prediction.shape() != target.shape())
    bad_argument("smooth_l1", "expected a target of shape {}, got {}",
                 to_string(prediction.shape()), to_string(target.shape()));
  if (beta <= 0) bad_argument("smooth_l1", "expected a positive beta, got {}", beta);
  return mean(pointwise(
      "smooth_l1", subtract(prediction, Variable(target)),
      [beta](auto d) {
        using T = decltype(d);
        const T size = std::abs(d), width = T(beta);
        return size < width ? d * d / (2 * width) : size - width / 2;
      },
      [beta](auto d) {
        using T = decltype(d);
        return std::clamp(d / T(beta), T(-1), T(1));
      }));
}

}  // namespace tengen
