// Softmax cross entropy against class labels, some of which may be left out of count: the loss of
// sequences padded to one length (time-masked softmax loss).
#pragma once

#include "engine/autograd/variable.hpp"

namespace tengen {

inline constexpr int kIgnoreLabel = -1;

/// Mean of -log softmax(logits)[label] over the labels that are not `ignored`; rank 0. logits
/// [..., A], labels (i32, in [0, A) or `ignored`) [...]; at least one label counts. The gradient is
/// (softmax - one-hot) / count, and zero where the label is ignored.
Variable masked_cross_entropy(const Variable& logits, const Tensor& labels,
                              int ignored = kIgnoreLabel);

}  // namespace tengen
