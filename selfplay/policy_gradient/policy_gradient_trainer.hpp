// Policy gradient training, update by update: a rollout of B environments, its advantages, gradient
// steps. REINFORCE (Williams 1992), advantage actor-critic (Mnih et al. 2016) and PPO (Schulman et
// al. 2017) differ in a few lines of update(); so does the natural policy gradient
// (natural_gradient.hpp), whose critic then learns as PPO's. The rollouts are
// rollout_collector.hpp's. Knows no files but its own state's.
//
// A net with a memory learns from sequences of `sequence` steps, the whole rollout unless told
// otherwise: each starts from the state that the memory had there when it was played.
//
// All randomness follows from the seed and the number of the update; from what save() writes
// training goes on to the bit.
// Thread safety: one thread at a time.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>

#include "engine/optim/adam.hpp"
#include "selfplay/policy_gradient/actor_critic.hpp"
#include "selfplay/policy_gradient/policy_gradient_config.hpp"
#include "selfplay/policy_gradient/policy_loss.hpp"
#include "selfplay/policy_gradient/rollout_collector.hpp"

namespace tengen::selfplay {

/// What an update did; means over its gradient steps.
struct UpdateReport {
  PolicyLossTerms terms;
  double gradient_norm = 0;  // before clipping
  double learning_rate = 0;
  double explained_variance = 0;
  int gradient_steps = 0;
};

class PolicyGradientTrainer {
 public:
  /// `config` is valid.
  explicit PolicyGradientTrainer(const PolicyGradientConfig& config);

  /// Environment steps learned from.
  std::int64_t steps() const { return steps_; }
  std::int64_t updates() const { return updates_; }

  /// Throws Error that names environment, step and value if an action or a loss is not finite.
  UpdateReport update();

  /// Undiscounted returns of the last episodes finished, at most 100.
  const std::deque<double>& recent_returns() const { return collector_.recent_returns(); }

  /// Returns of `episodes` episodes of the most likely actions, from seeds that training never
  /// sees; of a game against random moves. Each `draw` has other ones, always the same. Changes
  /// nothing.
  std::vector<double> evaluate(int episodes, std::uint64_t draw = 0);

  /// net.safetensors (with the normalisation), optimizer.safetensors, episodes.safetensors (the
  /// running ones) and in self-play opponents.safetensors.
  void save(const std::filesystem::path& directory) const;
  /// Throws Error if a file is missing, damaged or of another net. With another number of
  /// environments, episodes start afresh.
  void load(const std::filesystem::path& directory);

  ActorCritic& net() { return *net_; }
  const Distribution& distribution() const { return collector_.distribution(); }

 private:
  const Rollout& rollout() const { return collector_.rollout(); }
  Advantages advantages() const;
  std::vector<std::uint32_t> rows_in_use() const;
  std::vector<std::vector<std::uint32_t>> minibatches(Rng& rng) const;
  PolicyBatch gather(std::span<const std::uint32_t> rows, const Advantages& advantages) const;
  PolicyInput input_of(std::span<const std::uint32_t> rows);
  bool gradient_step(std::span<const std::uint32_t> rows, const Advantages& advantages,
                     UpdateReport& report);
  PolicyLossTerms natural_gradient_step(const Advantages& advantages);
  bool learns_in_epochs() const { return config_.algo == "ppo" || config_.algo == "npg"; }
  double rate() const;

  const PolicyGradientConfig config_;
  RolloutCollector collector_;
  std::unique_ptr<ActorCritic> net_;
  std::unique_ptr<Adam> optimizer_;
  PolicyLossOptions loss_options_;
  std::int64_t updates_ = 0, steps_ = 0;
  std::vector<std::uint8_t> sequence_starts_;  // of the present minibatch
};

}  // namespace tengen::selfplay
