// The VectorEnv of a group of dynamics: what all groups have in common (seeds, checks, time limit,
// autoreset) is BatchBase's and compiled once; Batch<Group> only calls the group.
//
// A group holds the states of B environments and offers
//   int size() const
//   void reset(std::span<const int> which, std::span<NumpyRandom> randoms)   starts episodes of
//   some void step(std::span<const float> actions, std::span<NumpyRandom> randoms, const StepRows&
//   out) void observe(int i, std::span<float> out) const void action_mask(int i,
//   std::span<std::uint8_t> out) const
// where randoms[i] is the generator of environment i. Each<D> is the group of copies of any
// dynamics D. CartPoles (classic_control/cart_pole.hpp) lays out the states for vector instructions
// instead, and Games (game_env.hpp) has the opponents of all games answer at once.
#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "envs/rl/vector_env.hpp"

namespace tengen::envs::rl {

/// Where a group writes what a step of all its environments gave.
struct StepRows {
  std::span<float> observations;       // [B, observation_space.size()]
  std::span<float> rewards;            // [B]
  std::span<std::uint8_t> terminated;  // [B]
};

/// Copies of D, stepped one after the other. D is movable; a final class has its calls resolved
/// when compiled, and with D = AnyDynamics the group holds whatever a pointer holds.
template <typename D>
class Each {
 public:
  explicit Each(std::vector<D> copies) : copies_(std::move(copies)) {}

  int size() const { return static_cast<int>(copies_.size()); }
  void reset(std::span<const int> which, std::span<NumpyRandom> randoms) {
    for (const int i : which) copies_[i].reset(randoms[i]);
  }
  void step(std::span<const float> actions, std::span<NumpyRandom> randoms, const StepRows& out) {
    const std::size_t action_width = actions.size() / copies_.size();
    const std::size_t width = out.observations.size() / copies_.size();
    for (std::size_t i = 0; i < copies_.size(); ++i) {
      const Outcome outcome =
          copies_[i].step(actions.subspan(i * action_width, action_width), randoms[i]);
      out.rewards[i] = static_cast<float>(outcome.reward);
      out.terminated[i] = outcome.terminated;
      copies_[i].observe(out.observations.subspan(i * width, width));
    }
  }
  void observe(int i, std::span<float> out) const { copies_[i].observe(out); }
  void action_mask(int i, std::span<std::uint8_t> out) const { copies_[i].action_mask(out); }

 private:
  std::vector<D> copies_;
};

/// Dynamics known only at run time, as a value that Each can hold.
class AnyDynamics {
 public:
  explicit AnyDynamics(std::unique_ptr<Dynamics> dynamics) : dynamics_(std::move(dynamics)) {}

  void reset(NumpyRandom& random) { dynamics_->reset(random); }
  Outcome step(std::span<const float> action, NumpyRandom& random) {
    return dynamics_->step(action, random);
  }
  void observe(std::span<float> out) const { dynamics_->observe(out); }
  void action_mask(std::span<std::uint8_t> out) const { dynamics_->action_mask(out); }

 private:
  std::unique_ptr<Dynamics> dynamics_;
};

class BatchBase : public VectorEnv {
 protected:
  BatchBase(EnvSpec spec, int count);

  /// Throws what step() documents.
  void check_step(std::span<const float> actions) const;
  /// No step has been taken: there are no rewards and ended_ lists all.
  void forget_step();
  /// Counts a step and sets truncated_; ended_ becomes the list of the episodes that are over.
  void count_step();

  std::span<float> row(std::vector<float>& rows, int i) const {
    const std::size_t width = rows.size() / elapsed_.size();
    return {rows.data() + i * width, width};
  }
  std::span<std::uint8_t> mask(int i) {
    const std::size_t width = masks_.size() / elapsed_.size();
    return {masks_.data() + i * width, width};
  }

  std::vector<NumpyRandom> randoms_;
  std::vector<int> elapsed_;
  std::vector<std::uint8_t> done_;  // [B], terminated or truncated by the last step
  std::vector<int> ended_;
  bool started_ = false;
};

template <typename Group>
class Batch final : public BatchBase {
 public:
  Batch(Group group, EnvSpec spec)
      : BatchBase(std::move(spec), group.size()), group_(std::move(group)) {}

  void reset(std::uint64_t seed) override {
    for (int i = 0; i < size(); ++i) randoms_[i] = NumpyRandom(seed + i);
    forget_step();
    begin_episodes();
  }

  void step(std::span<const float> actions) override {
    check_step(actions);
    group_.step(actions, randoms_, {observations_, rewards_, terminated_});
    count_step();
    for (const int i : ended_) {
      const auto last = row(observations_, i);
      std::copy(last.begin(), last.end(), row(final_observations_, i).begin());
    }
    begin_episodes();
  }

 private:
  /// Of those in ended_.
  void begin_episodes() {
    group_.reset(ended_, randoms_);
    for (const int i : ended_) {
      elapsed_[i] = 0;
      group_.observe(i, row(observations_, i));
    }
    if (!spec_.masks_actions) return;
    for (int i = 0; i < size(); ++i) group_.action_mask(i, mask(i));
  }

  Group group_;
};

}  // namespace tengen::envs::rl
