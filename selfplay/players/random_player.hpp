// Plays uniformly random legal moves. The floor of every comparison.
#pragma once

#include <vector>

#include "selfplay/player.hpp"

namespace tengen::selfplay {

class RandomPlayer : public Player {
 public:
  std::string name() const override { return "random"; }
  void new_game(const envs::State& /*start*/) override {}
  void observe(envs::Action /*action*/) override {}
  std::optional<envs::Action> select_action(const envs::State& state, Rng& rng) override;

 private:
  std::vector<envs::Action> actions_;  // reused
};

}  // namespace tengen::selfplay
