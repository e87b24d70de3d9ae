// Distributions over actions, as a policy net's outputs ("parameters", one row an observation)
// describe them.
//
//   discrete, multi-discrete   softmax of a logit for each choice; with a mask, of the allowed ones
//   box                        normal, independent for each number; the row is means, then the
//                              logarithms of the standard deviations (which the net learns as
//                              plain parameters, the same for every state)
//
// A box's actions are drawn unbounded and brought into the box when they are played: clipped, or
// with `squash` by tanh, whose change of variables (Haarnoja et al. 2018, eq. 21) is part of
// log_prob; entropies are those before squashing. Rollouts keep the action as drawn.
// Thread safety: const calls are safe.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "engine/base/random.hpp"
#include "envs/rl/space.hpp"

namespace tengen::selfplay {

class Distribution {
 public:
  using Row = std::span<const float>;
  using Mask = std::span<const std::uint8_t>;  // of a discrete action's choices; empty: all allowed

  virtual ~Distribution() = default;
  /// `squash` means nothing but for a box, which must then be bounded.
  static std::unique_ptr<Distribution> make(const envs::rl::Space& actions, bool squash);

  /// Floats of a row of parameters, and of an action.
  int parameters() const { return parameters_; }
  int action_size() const { return action_size_; }
  /// Outputs of the net; the rest of the row are log standard deviations.
  virtual int outputs() const { return parameters_; }

  virtual void sample(Row parameters, Mask mask, Rng& rng, std::span<float> action) const = 0;
  /// The most likely action.
  virtual void mode(Row parameters, Mask mask, std::span<float> action) const = 0;
  /// A drawn action as the environment takes it.
  virtual void to_environment(Row action, std::span<float> out) const = 0;

  virtual double log_prob(Row parameters, Mask mask, Row action) const = 0;
  virtual double entropy(Row parameters, Mask mask) const = 0;
  /// gradient = log_prob_weight d log_prob + entropy_weight d entropy, by the parameters.
  virtual void backward(Row parameters, Mask mask, Row action, double log_prob_weight,
                        double entropy_weight, std::span<float> gradient) const = 0;

  /// out = M v, where M is the Fisher matrix of the distribution in its parameters.
  virtual void fisher(Row parameters, Mask mask, Row v, std::span<float> out) const = 0;

 protected:
  Distribution(int parameters, int action_size)
      : parameters_(parameters), action_size_(action_size) {}

 private:
  int parameters_, action_size_;
};

}  // namespace tengen::selfplay
