// Policy and value nets of policy gradient trainers: from observations to a row of distribution
// parameters (distribution.hpp) and a value each.
//
// Each is an MLP of tanh layers (64-64 unless told otherwise), orthogonal weights of gain sqrt 2,
// of the policy's output 0.01, of the value 1, zero biases (Engstrom et al. 2020; Huang et al.
// 2022, "The 37 Implementation Details of PPO", 2 and 13). With a memory, each MLP stands behind a
// recurrent layer of its own. Policy and critic share nothing but a body for planes, if there is
// one (shared_body.hpp). Thread safety: one thread at a time.
#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/layers/recurrent_layer.hpp"
#include "nets/graph_layer.hpp"
#include "selfplay/policy_gradient/distribution.hpp"

namespace tengen::selfplay {

struct ActorCriticShape {
  int inputs = 0;             // of an observation
  int layers = 2;             // hidden ones
  int hidden = 64;            // units of each
  std::string body = "none";  // or a description of nets/bodies.hpp
  // Of observations, `inputs` numbers in all; 0: they are vectors, which a body cannot read.
  nets::ImageShape planes = {0, 0, 0};
  std::string memory = "none";  // one of policy_memories()
  int memory_units = 64;
  double memory_span = 0;  // steps that gru and lstm start by remembering; 0: few
  int memory_window = 16;  // steps, of attention
  double log_std = 0;      // initial, of continuous actions
};

/// "none" and what a policy can remember by.
const std::set<std::string>& policy_memories();

/// Rows of observations: N sequences of T steps, time-major. Without a memory T = 1 will do.
struct PolicyInput {
  Variable observations;                 // [T N, inputs]
  int steps = 1, sequences = 0;          // T, N
  Tensor state;                          // [N, state_size()] before the first step
  std::span<const std::uint8_t> starts;  // [T N], 1: the state is cleared before; empty: nowhere
};

struct PolicyOutput {
  Variable parameters;  // [T N, P]
  Variable values;      // [T N, 1]
  Variable state;       // [N, state_size()] after the last step; undefined without a memory
};

class ActorCritic : public Module {
 public:
  virtual PolicyOutput forward(const PolicyInput& input) = 0;
  virtual std::int64_t state_size() const { return 0; }

  /// Forward mode: how the distribution parameters of `observations` [N, inputs] change, [N, P],
  /// as the weights move along `direction`, a tensor for each of parameters(). Without memory and
  /// body only: else throws std::invalid_argument.
  virtual Tensor tangent(const Tensor& observations, std::span<const Tensor> direction);

  /// To be called after the weights have changed and before act().
  virtual void prepare() {}
  /// One step of `count` environments, without gradients. `state` [count, state_size()] moves on.
  /// parameters [count, P], values [count].
  virtual void act(std::span<const float> observations, int count, Tensor& state,
                   std::span<float> parameters, std::span<float> values) = 0;
};

/// Throws std::invalid_argument for an unknown memory or body, or a body without planes.
std::unique_ptr<ActorCritic> make_actor_critic(const ActorCriticShape& shape,
                                               const Distribution& distribution, Rng& rng);

}  // namespace tengen::selfplay
