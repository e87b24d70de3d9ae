// Plays a random one of the best moves, found by searching the whole game: for tiny games only.
#pragma once

#include <unordered_map>
#include <vector>

#include "selfplay/player.hpp"

namespace tengen::test {

class PerfectPlayer : public selfplay::Player {
 public:
  std::string name() const override { return "perfect"; }
  void new_game(const envs::State&) override {}
  void observe(envs::Action) override {}

  std::optional<envs::Action> select_action(const envs::State& state, Rng& rng) override {
    const auto copy = state.clone();
    const float best = value(*copy);
    std::vector<envs::Action> legal, good;
    copy->legal_actions(legal);
    for (envs::Action action : legal) {
      copy->apply(action);
      if (value_for(*copy, state.current_player()) == best) good.push_back(action);
      copy->undo();
    }
    return good[rng.below(static_cast<std::uint32_t>(good.size()))];
  }

 private:
  float value_for(envs::State& state, int player) {
    if (state.is_terminal()) return state.returns(player);
    return state.current_player() == player ? value(state) : -value(state);
  }

  /// Minimax value for the side to move of a state that is not terminal.
  float value(envs::State& state) {
    if (const auto known = values_.find(state.key()); known != values_.end()) return known->second;
    const int player = state.current_player();
    std::vector<envs::Action> legal;
    state.legal_actions(legal);
    float best = -1;
    for (envs::Action action : legal) {
      state.apply(action);
      best = std::max(best, value_for(state, player));
      state.undo();
    }
    return values_[state.key()] = best;
  }

  std::unordered_map<std::uint64_t, float> values_;
};

}  // namespace tengen::test
