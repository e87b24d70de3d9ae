// Many copies of one environment, stepped at once into arrays that a net reads as one batch.
//
// An episode that ends starts anew within the same step (Gymnasium's same-step autoreset): its row
// of observations() is then the first of the next episode, and its row of final_observations() the
// last of the one that ended, which a trainer needs to bootstrap from a truncated episode.
// The copies are made by make_vector_env() (registry.hpp); batch.hpp steps them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "envs/rl/env.hpp"

namespace tengen::envs::rl {

/// B environments. Not thread-safe; the spans stay valid until the next call.
class VectorEnv {
 public:
  virtual ~VectorEnv() = default;

  int size() const { return static_cast<int>(terminated_.size()); }
  const EnvSpec& spec() const { return spec_; }

  /// Starts an episode in each; environment i is seeded with seed + i, as Gymnasium does.
  virtual void reset(std::uint64_t seed) = 0;

  /// One step of each. `actions` [B, action_space.size()].
  /// Throws as Env::step does, before any environment has moved.
  virtual void step(std::span<const float> actions) = 0;

  /// [B, observation_space.size()].
  std::span<const float> observations() const { return observations_; }
  /// Same shape; only the rows of episodes that ended in the last step mean anything.
  std::span<const float> final_observations() const { return final_observations_; }
  /// [B] each, of the last step.
  std::span<const float> rewards() const { return rewards_; }
  std::span<const std::uint8_t> terminated() const { return terminated_; }
  std::span<const std::uint8_t> truncated() const { return truncated_; }
  /// [B, choices], all 1 unless spec().masks_actions; empty for other than discrete actions.
  std::span<const std::uint8_t> action_masks() const { return masks_; }

  bool done(int i) const { return (terminated_[i] | truncated_[i]) != 0; }

 protected:
  VectorEnv(EnvSpec spec, int count);

  EnvSpec spec_;
  std::vector<float> observations_, final_observations_, rewards_;
  std::vector<std::uint8_t> terminated_, truncated_, masks_;
};

}  // namespace tengen::envs::rl
