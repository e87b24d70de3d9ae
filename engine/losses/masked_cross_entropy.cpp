#include "engine/losses/masked_cross_entropy.hpp"

#include <algorithm>

#include "engine/autograd/ops_embedding.hpp"
#include "engine/base/error.hpp"
#include "engine/losses/log_likelihood.hpp"

namespace tengen {

Variable masked_cross_entropy(const Variable& logits, const Tensor& labels, int ignored) {
  const Shape& shape = logits.shape();
  if (shape.rank() < 1 || labels.shape() != Shape(shape.dims().first(shape.rank() - 1)))
    bad_argument("masked_cross_entropy", "expected logits [..., A] and labels [...], got {} and {}",
                 to_string(shape), to_string(labels.shape()));
  const Tensor targets = one_hot(labels, shape[-1], logits.dtype(), ignored);
  const auto all = labels.values<std::int32_t>();
  const std::int64_t counted = labels.size() - std::ranges::count(all, ignored);
  if (counted == 0)
    bad_argument("masked_cross_entropy", "expected a label other than {}, got none", ignored);
  return log_likelihood(logits, targets, -1.0 / double(counted));
}

}  // namespace tengen
