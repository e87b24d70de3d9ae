// Plays B environments with the present policy, one rollout after another, and keeps what goes on
// between rollouts: running episodes, opponents, normalisation, the memory of a recurrent net.
//
// REINFORCE learns from whole episodes: a rollout starts fresh ones and lasts until those running
// after `rollout` steps are over. The others' rollouts cut episodes, which go on in the next.
//
// With `opponents` the environment is a game in self-play: each of the games against one of the
// earlier policies (policy_pool.hpp), drawn anew every opponent_every updates, when the present one
// joins them and fresh games begin. Random openings (opening_plies) lead to positions that the
// policies would not: what they never see they do not learn to defend.
//
// All randomness follows from the seed, the number of the update and the generator passed.
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/io/safetensors.hpp"
#include "selfplay/policy_gradient/actor_critic.hpp"
#include "selfplay/policy_gradient/distribution.hpp"
#include "selfplay/policy_gradient/policy_gradient_config.hpp"
#include "selfplay/policy_gradient/policy_pool.hpp"
#include "selfplay/policy_gradient/replayed_envs.hpp"
#include "selfplay/policy_gradient/rollout.hpp"
#include "selfplay/policy_gradient/running_norm.hpp"

namespace tengen::selfplay {

class RolloutCollector {
 public:
  /// `config` is valid and, as the others, outlives this object.
  explicit RolloutCollector(const PolicyGradientConfig& config);

  const envs::rl::EnvSpec& spec() const { return environments_->spec(); }
  const Distribution& distribution() const { return *distribution_; }

  /// Starts fresh episodes where update number `update` must, and lets `net` join the opponents
  /// when it is time.
  void prepare(ActorCritic& net, std::int64_t update);
  /// Plays a rollout. `steps_before` are those of earlier rollouts, for the Error of an action that
  /// is not finite, which names environment, step and value.
  void collect(ActorCritic& net, std::int64_t steps_before, Rng& rng);

  /// The last one collected.
  const Rollout& rollout() const { return rollout_; }
  /// [B]: the last step of the rollout that is learned from.
  std::span<const int> last_steps() const { return last_steps_; }
  /// Undiscounted returns of the last episodes finished, at most 100.
  const std::deque<double>& recent_returns() const { return recent_returns_; }

  /// The environments' observations as the net reads them, [environments.size(), D].
  void observe(const envs::rl::VectorEnv& environments, std::span<const float> raw,
               std::span<float> out) const;

  /// The statistics of the normalisation.
  std::vector<io::NamedTensor> norms() const;
  void set_norms(const io::Safetensors& file, const std::string& path);
  /// episodes.safetensors (the running ones) and in self-play opponents.safetensors.
  void save(const std::filesystem::path& directory) const;
  /// Throws Error if a file is missing or damaged. With another number of environments, episodes
  /// start afresh.
  void load(const std::filesystem::path& directory, const ActorCritic& net);

 private:
  void reset_episodes(const ActorCritic& net);
  void resize_rollout(int steps);
  bool collected(int steps);
  void act(ActorCritic& net, int step, std::int64_t steps_before, Rng& rng);
  void record_step(ActorCritic& net, int step);
  void bootstrap_truncated(ActorCritic& net, int step);
  void scale_rewards(int step);
  void encode(const envs::rl::VectorEnv& environments, std::span<const float> raw,
              std::span<float> out) const;
  void normalise(std::span<float> observations) const;
  void save_episodes(const std::filesystem::path& path) const;
  void load_episodes(const std::filesystem::path& path, const ActorCritic& net);

  const PolicyGradientConfig& config_;
  std::shared_ptr<PolicyPool> opponents_;  // null without self-play
  ReplayedEnvs environments_;
  std::unique_ptr<Distribution> distribution_;
  RunningNorm observation_norm_, return_norm_;
  std::int64_t began_ = -1;  // the update for which the episodes began; -1: none yet

  Rollout rollout_;
  Tensor state_;                              // [B, S]
  std::vector<float> observations_;           // [B, D], encoded and normalised
  std::vector<float> parameters_, played_;    // [B, P], [B, A]
  std::vector<std::uint8_t> starting_;        // [B]
  std::vector<double> returns_, discounted_;  // [B], of the running episodes
  std::vector<int> last_steps_;               // [B]
  std::deque<double> recent_returns_;
};

}  // namespace tengen::selfplay
