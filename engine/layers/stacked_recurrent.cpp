#include "engine/layers/stacked_recurrent.hpp"

#include <string>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/base/error.hpp"

namespace tengen {

StackedRecurrent::StackedRecurrent(std::vector<std::unique_ptr<RecurrentLayer>> layers, bool skip)
    : layers_(std::move(layers)), skip_(skip) {
  if (layers_.empty()) bad_argument("StackedRecurrent", "expected at least one layer, got none");
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (i > 0 && layers_[i]->input_size() != layers_[i - 1]->output_size())
      bad_argument("StackedRecurrent", "expected layer {} to take {} inputs, got {}", i,
                   layers_[i - 1]->output_size(), layers_[i]->input_size());
    register_child(std::to_string(i), *layers_[i]);
  }
}

std::int64_t StackedRecurrent::state_size() const {
  std::int64_t size = 0;
  for (const auto& layer : layers_) size += layer->state_size();
  return size;
}

SequenceOutput StackedRecurrent::forward(const Variable& x, const Variable& state) {
  SequenceOutput lowest = layers_[0]->forward(x, lowest_state(state));
  lowest.y = skipped(lowest.y, x);
  return go_up(lowest, state);
}

SequenceOutput StackedRecurrent::forward_tokens(const Variable& table, const Tensor& tokens,
                                                const Variable& state) {
  if (skip_) return RecurrentLayer::forward_tokens(table, tokens, state);  // needs x itself
  return go_up(layers_[0]->forward_tokens(table, tokens, lowest_state(state)), state);
}

Variable StackedRecurrent::lowest_state(const Variable& state) const {
  return slice(state, 1, 0, layers_[0]->state_size());
}

SequenceOutput StackedRecurrent::go_up(const SequenceOutput& lowest, const Variable& state) {
  Variable y = lowest.y;
  std::vector<Variable> states{lowest.state};
  std::int64_t at = layers_[0]->state_size();
  for (std::size_t i = 1; i < layers_.size(); ++i) {
    const std::int64_t size = layers_[i]->state_size();
    const SequenceOutput output = layers_[i]->forward(y, slice(state, 1, at, at + size));
    y = skipped(output.y, y);
    states.push_back(output.state);
    at += size;
  }
  return {y, concat(states, 1)};
}

Variable StackedRecurrent::skipped(const Variable& y, const Variable& x) const {
  return skip_ && y.shape() == x.shape() ? add(y, x) : y;
}

}  // namespace tengen
