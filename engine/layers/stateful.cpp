#include "engine/layers/stateful.hpp"

namespace tengen {

Stateful::Stateful(std::unique_ptr<RecurrentLayer> layer) : layer_(std::move(layer)) {
  register_child("layer", *layer_);
}

Variable Stateful::forward(const Variable& x) {
  const SequenceOutput output =
      state_.defined() ? layer_->forward(x, Variable(state_)) : layer_->forward(x);
  state_ = output.state.value();
  return output.y;
}

}  // namespace tengen
