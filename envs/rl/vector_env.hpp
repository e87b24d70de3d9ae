// Many copies of one environment, stepped at once into arrays that a net reads as one batch.
//
// An episode that ends starts anew within the same step (Gymnasium's same-step autoreset): its row
// of observations() is then the first of the next episode, and its row of final_observations() the
// last of the one that ended, which a trainer needs to bootstrap from a truncated episode.
#pragma once

#include <cstdint>
#include <memory>
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
  /// Throws as Env::step does, with the environments before the offender already stepped.
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

  bool done(int i) const { return terminated_[i] != 0 || truncated_[i] != 0; }

 protected:
  VectorEnv(EnvSpec spec, int count);

  /// Throws unless reset() came first and there are actions for B environments.
  void check_step(bool started, std::size_t action_floats) const;

  EnvSpec spec_;
  std::vector<float> observations_, final_observations_, rewards_;
  std::vector<std::uint8_t> terminated_, truncated_, masks_;
};

/// The environments of a VectorEnv, with the calls to a final class D resolved when compiled; D is
/// movable. With D = AnyDynamics it steps whatever a pointer holds.
template <typename D>
class Batch final : public VectorEnv {
 public:
  Batch(std::vector<D> dynamics, EnvSpec spec)
      : VectorEnv(std::move(spec), static_cast<int>(dynamics.size())),
        dynamics_(std::move(dynamics)),
        randoms_(dynamics_.size(), NumpyRandom(0)),
        elapsed_(dynamics_.size()) {}

  void reset(std::uint64_t seed) override {
    for (int i = 0; i < size(); ++i) {
      randoms_[i] = NumpyRandom(seed + i);
      begin_episode(i);
    }
    started_ = true;
  }

  void step(std::span<const float> actions) override {
    check_step(started_, actions.size());
    const std::size_t width = spec_.action_space.size();
    for (int i = 0; i < size(); ++i) step_one(i, actions.subspan(i * width, width));
  }

 private:
  std::span<float> row(std::vector<float>& rows, int i) {
    const std::size_t width = spec_.observation_space.size();
    return {rows.data() + i * width, width};
  }
  std::span<std::uint8_t> mask(int i) {
    const std::size_t width = masks_.size() / dynamics_.size();
    return {masks_.data() + i * width, width};
  }

  void begin_episode(int i) {
    dynamics_[i].reset(randoms_[i]);
    elapsed_[i] = 0;
    dynamics_[i].observe(row(observations_, i));
    if (spec_.masks_actions) dynamics_[i].action_mask(mask(i));
  }

  void step_one(int i, std::span<const float> action) {
    if (!spec_.action_space.contains(action) || spec_.masks_actions)
      check_action(spec_, elapsed_[i], action, mask(i));
    const Outcome outcome = dynamics_[i].step(action, randoms_[i]);
    ++elapsed_[i];
    rewards_[i] = static_cast<float>(outcome.reward);
    terminated_[i] = outcome.terminated;
    truncated_[i] = elapsed_[i] == spec_.max_episode_steps;
    if (done(i)) {
      dynamics_[i].observe(row(final_observations_, i));
      begin_episode(i);
    } else {
      dynamics_[i].observe(row(observations_, i));
      if (spec_.masks_actions) dynamics_[i].action_mask(mask(i));
    }
  }

  std::vector<D> dynamics_;
  std::vector<NumpyRandom> randoms_;
  std::vector<int> elapsed_;
  bool started_ = false;
};

/// Dynamics known only at run time, as a value that Batch can hold.
class AnyDynamics {
 public:
  explicit AnyDynamics(std::unique_ptr<Dynamics> dynamics) : dynamics_(std::move(dynamics)) {}

  EnvSpec spec() const { return dynamics_->spec(); }
  void reset(NumpyRandom& random) { dynamics_->reset(random); }
  Outcome step(std::span<const float> action, NumpyRandom& random) {
    return dynamics_->step(action, random);
  }
  void observe(std::span<float> out) const { dynamics_->observe(out); }
  void action_mask(std::span<std::uint8_t> out) const { dynamics_->action_mask(out); }

 private:
  std::unique_ptr<Dynamics> dynamics_;
};

}  // namespace tengen::envs::rl
