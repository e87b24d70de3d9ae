#include "engine/layers/attention_memory.hpp"

#include <numeric>

#include "engine/autograd/dispatch_float.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/base/error.hpp"
#include "engine/init/initializers.hpp"
#include "engine/layers/at_each_step.hpp"

namespace tengen {

namespace {

constexpr std::int64_t kMostHeads = 4;

void check_sizes(std::int64_t units, std::int64_t window) {
  if (units < 1 || window < 2)
    bad_argument("AttentionMemory", "expected units and a window of 2 or more, got {} and {}",
                 units, window);
}

/// [T, N, D] -> [T, N, D + 1], with 1 for "there is an input".
Variable filled(const Variable& x) {
  const Tensor ones = Tensor::full({x.shape()[0], x.shape()[1], 1}, 1, x.dtype());
  return concat({x, Variable(ones)}, 2);
}

}  // namespace

AttentionMemory::AttentionMemory(std::int64_t inputs, std::int64_t units, std::int64_t window,
                                 Rng& rng)
    : inputs_(inputs),
      units_(units),
      window_((check_sizes(units, window), window)),
      ages_(random_normal({window, units}, 1, rng), true),
      embedding_(inputs, units, rng, Linear::Init::xavier),
      attention_(units, static_cast<int>(std::gcd(units, kMostHeads)), rng),
      norm_(units) {
  register_parameter("ages", ages_);
  register_child("embedding", embedding_);
  register_child("attention", attention_);
  register_child("norm", norm_);
}

SequenceOutput AttentionMemory::forward(const Variable& x, const Variable& state) {
  const std::int64_t steps = x.shape()[0], count = x.shape()[1], slot = inputs_ + 1;
  const Variable past = permute(reshape(state, {count, window_ - 1, slot}), {1, 0, 2});
  const Variable slots = concat({past, filled(x)}, 0);
  const Variable seen = windows(slots), now = slice(seen, 1, 0, 1);
  const Variable answer = attention_.forward(now, seen, mask(slots.value()));
  const Variable y = norm_.forward(add(now, answer));
  const Variable kept = permute(slice(slots, 0, steps, steps + window_ - 1), {1, 0, 2});
  return {reshape(y, {steps, count, units_}), reshape(kept, {count, state_size()})};
}

Variable AttentionMemory::windows(const Variable& slots) {
  const std::int64_t steps = slots.shape()[0] - window_ + 1, count = slots.shape()[1];
  const Variable embedded = at_each_step(embedding_, slice(slots, 2, 0, inputs_));
  std::vector<Variable> ages;
  for (std::int64_t age = 0; age < window_; ++age) {
    const std::int64_t first = window_ - 1 - age;
    ages.push_back(reshape(slice(embedded, 0, first, first + steps), {steps * count, units_}));
  }
  return add(permute(stack(ages), {1, 0, 2}), ages_);
}

Tensor AttentionMemory::mask(const Tensor& slots) const {
  const std::int64_t steps = slots.dim(0) - window_ + 1, count = slots.dim(1);
  std::vector<std::int64_t> lengths;
  return dispatch_float("AttentionMemory", slots.dtype(), [&]<typename T>(T) {
    const auto numbers = slots.values<T>();
    for (std::int64_t t = 0; t < steps; ++t)
      for (std::int64_t n = 0; n < count; ++n) {
        std::int64_t length = 1;
        while (length < window_ &&
               numbers[((t + window_ - 1 - length) * count + n) * (inputs_ + 1) + inputs_] != 0)
          ++length;
        lengths.push_back(length);
      }
    return padding_mask(lengths, 1, window_, slots.dtype());
  });
}

}  // namespace tengen
