#include "engine/layers/bidirectional.hpp"

#include "engine/autograd/ops_slice.hpp"
#include "engine/base/error.hpp"

namespace tengen {

Bidirectional::Bidirectional(std::unique_ptr<RecurrentLayer> forward,
                             std::unique_ptr<RecurrentLayer> backward)
    : forward_(std::move(forward)), backward_(std::move(backward)) {
  if (forward_->input_size() != backward_->input_size())
    bad_argument("Bidirectional", "expected two layers of the same input size, got {} and {}",
                 forward_->input_size(), backward_->input_size());
  register_child("forward", *forward_);
  register_child("backward", *backward_);
}

std::int64_t Bidirectional::output_size() const {
  return forward_->output_size() + backward_->output_size();
}

std::int64_t Bidirectional::state_size() const {
  return forward_->state_size() + backward_->state_size();
}

SequenceOutput Bidirectional::forward(const Variable& x, const Variable& state) {
  const std::int64_t cut = forward_->state_size();
  const SequenceOutput ahead = forward_->forward(x, slice(state, 1, 0, cut));
  const SequenceOutput back =
      backward_->forward(reverse(x, 0), slice(state, 1, cut, state.shape()[1]));
  return {concat({ahead.y, reverse(back.y, 0)}, 2), concat({ahead.state, back.state}, 1)};
}

}  // namespace tengen
