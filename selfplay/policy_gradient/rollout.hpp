// What B environments did in T steps under the present policy, and the advantages in it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensor/tensor.hpp"

namespace tengen::selfplay {

/// Time-major: row t B + i is step t of environment i.
struct Rollout {
  int steps = 0, environments = 0;                // T, B
  std::vector<float> observations;                // [T B, D], as the net reads them
  std::vector<std::uint8_t> masks;                // [T B, choices], or empty
  std::vector<float> actions;                     // [T B, A], as drawn
  std::vector<float> log_probs, values, rewards;  // [T B]
  std::vector<std::uint8_t> starts;               // 1: the first step of an episode
  std::vector<std::uint8_t> ends;                 // 1: the last, terminated or truncated
  std::vector<float> final_values;  // of the observation behind a truncated step; 0 elsewhere
  std::vector<float> last_values;   // [B], of the observations behind the last step
  std::vector<Tensor> states;       // of a recurrent net before each of its sequences, [B, S]

  std::size_t rows() const { return static_cast<std::size_t>(steps) * environments; }
  void resize(int steps, int environments, int observation_size, int mask_size, int action_size);
};

struct Advantages {
  std::vector<float> advantages, returns;  // [T B]; return = advantage + value
};

/// Generalised advantage estimation (Schulman et al. 2016, eq. 16):
///   A_t = d_t + gamma lambda A_{t+1},   d_t = r_t + gamma V_{t+1} - V_t
/// A terminated episode is worth nothing more; a truncated one goes on with final_values, and the
/// rollout's own end with last_values.
Advantages estimate_advantages(const Rollout& rollout, double gamma, double lambda);

/// [T B]: the discounted sums of rewards to the end of each episode, whatever ended it, or of the
/// rollout.
std::vector<float> episode_returns(const Rollout& rollout, double gamma);

/// 1 - Var(returns - values) / Var(returns): 1 where the critic explains all, 0 where nothing; NaN
/// if the returns are all equal.
double explained_variance(std::span<const float> values, std::span<const float> returns);

}  // namespace tengen::selfplay
