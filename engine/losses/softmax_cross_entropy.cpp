#include "engine/losses/softmax_cross_entropy.hpp"

#include "engine/base/error.hpp"
#include "engine/losses/log_likelihood.hpp"

namespace tengen {

Variable softmax_cross_entropy(const Variable& logits, const Tensor& targets) {
  if (logits.shape().rank() != 2 || targets.shape() != logits.shape())
    bad_argument("softmax_cross_entropy",
                 "expected logits and targets of one shape [N, A], got {} and {}",
                 to_string(logits.shape()), to_string(targets.shape()));
  return log_likelihood(logits, targets, -1.0 / double(logits.shape()[0]));
}

}  // namespace tengen
