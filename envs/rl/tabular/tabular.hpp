// Finite Markov decision processes: TabularModel says all of one, TabularDynamics plays it.
//
// The same model serves the environment and what needs to know it: policy iteration, value
// iteration, exact policy gradients. Draws are Gymnasium's (one number of random() for each start
// and each step, even where nothing is left to chance), so its seeds give its episodes.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "envs/rl/dynamics.hpp"

namespace tengen::envs::rl {

/// One thing that may happen after an action.
struct Transition {
  double probability = 1;
  int next = 0;
  double reward = 0;
  bool terminated = false;
};

/// States and actions are counted from 0. A plain value; check_model() says whether it is sound.
struct TabularModel {
  TabularModel(int states, int actions)
      : num_states(states),
        num_actions(actions),
        transitions(static_cast<std::size_t>(states) * actions),
        initial(states) {}

  std::vector<Transition>& outcomes(int state, int action) {
    return transitions[static_cast<std::size_t>(state) * num_actions + action];
  }
  /// What may follow `action` in `state`; the probabilities sum to 1.
  const std::vector<Transition>& outcomes(int state, int action) const {
    return transitions[static_cast<std::size_t>(state) * num_actions + action];
  }
  bool allows(int state, int action) const {
    return allowed.empty() || allowed[static_cast<std::size_t>(state) * num_actions + action] != 0;
  }

  int num_states, num_actions;
  std::vector<std::vector<Transition>> transitions;  // [num_states, num_actions]
  std::vector<double> initial;                       // [num_states], probability of the start
  std::vector<std::uint8_t> allowed;                 // [num_states, num_actions]; empty: all
};

/// Throws std::invalid_argument unless every distribution is one, and every state exists and has an
/// allowed action.
void check_model(const TabularModel& model);

class TabularDynamics final : public Dynamics {
 public:
  /// Spaces are the model's: Discrete(states) is observed, Discrete(actions) acts. Of `spec` only
  /// the id, time limit and threshold count. Throws as check_model() does.
  TabularDynamics(EnvSpec spec, std::shared_ptr<const TabularModel> model);

  EnvSpec spec() const override { return spec_; }
  void reset(NumpyRandom& random) override;
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override { out[0] = static_cast<float>(state_); }
  void action_mask(std::span<std::uint8_t> out) const override;

  const std::shared_ptr<const TabularModel>& model() const { return model_; }

 private:
  EnvSpec spec_;
  std::shared_ptr<const TabularModel> model_;
  int state_ = 0;
};

}  // namespace tengen::envs::rl
