// The rules of one environment: where an episode starts, what an action does, what is seen.
//
// Dynamics know nothing of seeds, time limits, bad actions or batches; Env (env.hpp) and VectorEnv
// (vector_env.hpp) add these for all. To add an environment: write a final class with a function
// that makes it from a Spec&, add one line to the table in registry.cpp, and every wrapper, trainer
// and tool knows it; check_env() (check_env.hpp) checks it.
//
// Semantics are Gymnasium's (Towers et al. 2024): an episode *terminates* when its rules end it, so
// that nothing follows; it is *truncated* when a time limit cuts it off, so that values go on.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "envs/rl/numpy_random.hpp"
#include "envs/rl/space.hpp"

namespace tengen::envs::rl {

struct EnvSpec {
  std::string id;  // as registered: "CartPole-v1"
  Space observation_space = Space::discrete(1);
  Space action_space = Space::discrete(1);
  int max_episode_steps = 0;  // 0: no time limit
  /// Mean return at which the field calls the environment solved.
  std::optional<double> reward_threshold = std::nullopt;
  /// Whether action_mask() says more than that everything is allowed.
  bool masks_actions = false;
};

struct Outcome {
  double reward = 0;
  bool terminated = false;
};

class Dynamics {
 public:
  virtual ~Dynamics() = default;

  virtual EnvSpec spec() const = 0;
  /// Starts an episode.
  virtual void reset(NumpyRandom& random) = 0;
  /// `action` lies in the action space and the episode goes on: callers have checked.
  virtual Outcome step(std::span<const float> action, NumpyRandom& random) = 0;
  /// Writes the observation: spec().observation_space.size() floats.
  virtual void observe(std::span<float> out) const = 0;
  /// Writes 1 for each allowed action of a discrete space, 0 for the others; at least one is
  /// allowed while the episode goes on.
  virtual void action_mask(std::span<std::uint8_t> out) const {
    std::fill(out.begin(), out.end(), std::uint8_t{1});
  }
};

}  // namespace tengen::envs::rl
