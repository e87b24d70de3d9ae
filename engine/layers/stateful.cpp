#include "engine/layers/stateful.hpp"

namespace tengen {

Stateful::Stateful(std::unique_ptr<RecurrentLayer> layer) : layer_(std::move(layer)) {
  register_child("layer", *layer_);
}

Variable Stateful::forward(const Variable& x) {
  return keep(state_.defined() ? layer_->forward(x, Variable(state_)) : layer_->forward(x));
}

Variable Stateful::forward_tokens(const Variable& table, const Tensor& tokens) {
  return keep(state_.defined() ? layer_->forward_tokens(table, tokens, Variable(state_))
                               : layer_->forward_tokens(table, tokens));
}

Variable Stateful::keep(const SequenceOutput& output) {
  state_ = output.state.value();
  return output.y;
}

}  // namespace tengen
