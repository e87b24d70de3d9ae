// One environment as Gymnasium has it: reset(seed), step(action), errors for what is not allowed.
// For speed step many at once: vector_env.hpp.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

struct Step {
  double reward = 0;
  bool terminated = false;
  bool truncated = false;
  bool done() const { return terminated || truncated; }
};

/// Not thread-safe. Throws std::invalid_argument that names the environment, the step and the value
/// for an action outside its space (or masked), and for a step before reset() or after the end.
class Env {
 public:
  /// `spec`: what the dynamics say of themselves, but for the time limit, which may be another.
  Env(std::unique_ptr<Dynamics> dynamics, EnvSpec spec);

  const EnvSpec& spec() const { return spec_; }

  /// Starts an episode. A seed restarts the environment's own generator, as in Gymnasium; without
  /// one it goes on (from seed 0 if there never was one).
  void reset(std::optional<std::uint64_t> seed = std::nullopt);
  Step step(std::span<const float> action);

  /// Of the present state; [observation_space.size()].
  std::span<const float> observation() const { return observation_; }
  /// [choices of a discrete action space]; empty for other action spaces.
  std::span<const std::uint8_t> action_mask() const { return mask_; }

 private:
  void look();

  std::unique_ptr<Dynamics> dynamics_;
  EnvSpec spec_;
  NumpyRandom random_{0};
  std::vector<float> observation_;
  std::vector<std::uint8_t> mask_;
  int elapsed_ = 0;
  bool running_ = false;
};

/// Throws what Env::step documents if `action` may not be taken at this `step` of an episode.
/// `mask` as Env::action_mask() gives it; `copy` >= 0 says which environment of a batch it was.
void check_action(const EnvSpec& spec, int step, std::span<const float> action,
                  std::span<const std::uint8_t> mask, int copy = -1);

/// Elements of an action mask: the choices of a discrete action space, 0 for other spaces.
int mask_size(const EnvSpec& spec);

/// Writes a uniformly random allowed action: what a policy that knows nothing does. Numbers of a
/// box without bounds are standard normal.
void sample_action(const EnvSpec& spec, std::span<const std::uint8_t> mask, NumpyRandom& random,
                   std::span<float> action);

}  // namespace tengen::envs::rl
