// The opponent of self-play policy gradients: earlier policies of the one that learns, a random one
// in each game until choose() is called again, as in AlphaGo's reinforcement learning of its policy
// net (Silver et al. 2016, Methods), which keeps the learner from running in circles after its last
// self alone. Thread safety: one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/io/safetensors.hpp"
#include "envs/rl/game_env.hpp"
#include "selfplay/policy_gradient/actor_critic.hpp"

namespace tengen::selfplay {

class PolicyPool final : public envs::rl::Opponent {
 public:
  /// `make_net` makes nets of the learner's shape, without a memory.
  PolicyPool(const envs::Game& game, int capacity,
             std::function<std::unique_ptr<ActorCritic>()> make_net);

  int size() const { return static_cast<int>(nets_.size()); }
  /// Keeps a copy of `net`, in the place of a random one if the pool is full.
  void add(const ActorCritic& net, Rng& rng);
  /// Which one plays in each of `games` games; the pool must not be empty.
  void choose(int games, Rng& rng);

  /// Moves are drawn from the probabilities of the policy that was chosen for the game.
  void select_actions(std::span<const envs::rl::Turn> turns,
                      std::span<envs::Action> actions) override;

  /// The policies, named "0.…", "1.…", and back. Throws Error (with `path`) if a tensor is missing
  /// or of another net.
  std::vector<io::NamedTensor> state() const;
  void set_state(const io::Safetensors& file, const std::string& path);

 private:
  /// Writes the logits_ of the turns `which`, all of one policy's.
  void evaluate(ActorCritic& net, std::span<const envs::rl::Turn> turns,
                std::span<const int> which);

  const int observation_size_, num_actions_, capacity_;
  const std::function<std::unique_ptr<ActorCritic>()> make_net_;
  const std::unique_ptr<Distribution> distribution_;
  std::vector<std::unique_ptr<ActorCritic>> nets_;
  std::vector<int> chosen_;  // by game

  std::vector<int> order_;  // the rest: memory of select_actions
  std::vector<float> observations_, rows_, values_, logits_;
  std::vector<std::uint8_t> mask_;
  std::vector<envs::Action> legal_;
  Tensor no_state_;
};

}  // namespace tengen::selfplay
