#include "selfplay/ownership_loss.hpp"

#include <algorithm>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/losses/binary_cross_entropy.hpp"

namespace tengen::selfplay {

// tanh x = 2 sigmoid(2x) - 1.
Variable ownership_loss(const Variable& logits, const Tensor& ownership, const Tensor& known,
                        double count) {
  Tensor own_share(ownership.shape());
  std::ranges::transform(ownership.values<float>(), own_share.values<float>().begin(),
                         [](float owner) { return (1 + owner) / 2; });
  return scale(weighted_binary_cross_entropy(scale(logits, 2), own_share.to(logits.dtype()),
                                             known.to(logits.dtype())),
               1 / count);
}

}  // namespace tengen::selfplay
