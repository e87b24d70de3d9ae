#include "envs/rl/memory/memory_chain.hpp"

#include <algorithm>

namespace tengen::envs::rl {

MemoryChain MemoryChain::from_spec(Spec& spec) {
  MemoryChain env;
  env.length_ = spec.get_int("length", env.length_, 1, 1 << 20);
  env.context_.resize(spec.get_int("bits", 1, 1, 1000));
  return env;
}

EnvSpec MemoryChain::spec() const {
  const std::size_t bits = context_.size();
  std::vector<float> low(bits + 2, -1), high(bits + 2, 1);
  low[0] = low[1] = 0;
  high[1] = static_cast<float>(bits - 1);
  return {.id = "MemoryChain-v0",
          .observation_space = Space::box(std::move(low), std::move(high)),
          .action_space = Space::discrete(2),
          .reward_threshold = 1};
}

void MemoryChain::reset(NumpyRandom& random) {
  time_ = 0;
  for (int& bit : context_) bit = static_cast<int>(random.integers(2));
  query_ = static_cast<int>(random.integers(static_cast<std::uint32_t>(context_.size())));
}

Outcome MemoryChain::step(std::span<const float> action, NumpyRandom&) {
  if (++time_ <= length_) return {0, false};
  return {static_cast<int>(action[0]) == context_[query_] ? 1.0 : -1.0, true};
}

void MemoryChain::observe(std::span<float> out) const {
  std::fill(out.begin(), out.end(), 0.0f);
  out[0] = std::max(0.0f, 1 - static_cast<float>(time_) / static_cast<float>(length_));
  if (time_ == length_) out[1] = static_cast<float>(query_);
  if (time_ == 0)
    for (std::size_t i = 0; i < context_.size(); ++i) out[2 + i] = context_[i] ? 1.0f : -1.0f;
}

}  // namespace tengen::envs::rl
