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
  Variable y = x;
  std::vector<Variable> states;
  std::int64_t at = 0;
  for (const auto& layer : layers_) {
    const std::int64_t size = layer->state_size();
    const SequenceOutput output = layer->forward(y, slice(state, 1, at, at + size));
    y = skip_ && output.y.shape() == y.shape() ? add(output.y, y) : output.y;
    states.push_back(output.state);
    at += size;
  }
  return {y, concat(states, 1)};
}

}  // namespace tengen
