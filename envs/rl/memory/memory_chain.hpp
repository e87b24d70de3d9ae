// MemoryChain-v0: see some bits once, walk on for a while, then say one of them.
//
// Source: bsuite's memory_len and memory_size (Osband et al. 2020). The first observation shows the
// context, bits written as -1 and 1; after `length` steps the query, the index of a bit, is shown,
// and the action that follows is the answer: reward 1 if it is the bit, -1 otherwise, and the
// episode ends. Actions before do nothing. (Here every observation belongs to the step before it;
// bsuite shows the first one twice.)
#pragma once

#include <vector>

#include "engine/base/spec.hpp"
#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

class MemoryChain final : public Dynamics {
 public:
  /// Options: length (10), bits (1).
  static MemoryChain from_spec(Spec& spec);

  EnvSpec spec() const override;
  void reset(NumpyRandom& random) override;
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  /// [1 - time / length, query or 0, context or zeros].
  void observe(std::span<float> out) const override;

 private:
  int length_ = 10;
  std::vector<int> context_;  // bits
  int query_ = 0, time_ = 0;
};

}  // namespace tengen::envs::rl
