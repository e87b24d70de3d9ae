#include "engine/layers/skip_time.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/autograd/ops_shape.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/base/error.hpp"

namespace tengen {

SkipTime::SkipTime(std::unique_ptr<RecurrentLayer> layer, std::int64_t delay)
    : layer_(std::move(layer)), delay_(delay) {
  if (delay < 2) bad_argument("SkipTime", "expected a delay of at least 2, got {}", delay);
  if (input_size() < 1)
    bad_argument("SkipTime", "expected a layer of more than its {} outputs as inputs, got {}",
                 output_size(), layer_->input_size());
  register_child("layer", *layer_);
}

SequenceOutput SkipTime::forward(const Variable& x, const Variable& state) {
  const std::int64_t steps = x.shape()[0], batch = x.shape()[1], own = layer_->state_size();
  const Variable rows = slice(state, 1, own, state_size());
  // [delay, N, H]: what is fed back next
  Variable past = permute(reshape(rows, {batch, delay_, output_size()}), {1, 0, 2});
  SequenceOutput latest{{}, slice(state, 1, 0, own)};
  std::vector<Variable> outputs;
  for (std::int64_t begin = 0; begin < steps; begin += delay_) {
    const std::int64_t count = std::min(delay_, steps - begin);
    const Variable piece = slice(x, 0, begin, begin + count);
    latest = layer_->forward(concat({piece, slice(past, 0, 0, count)}, 2), latest.state);
    past = count == delay_ ? latest.y : concat({slice(past, 0, count, delay_), latest.y}, 0);
    outputs.push_back(latest.y);
  }
  const Variable kept = reshape(permute(past, {1, 0, 2}), {batch, delay_ * output_size()});
  return {concat(outputs, 0), concat({latest.state, kept}, 1)};
}

}  // namespace tengen
