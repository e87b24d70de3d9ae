// Small helpers that several tests of the search share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "envs/registry.hpp"
#include "mcts/evaluators.hpp"
#include "mcts/search.hpp"

namespace tengen::test {

/// The state of `game` after these actions.
inline std::unique_ptr<envs::State> play(const envs::Game& game,
                                         const std::vector<envs::Action>& actions) {
  auto state = game.new_initial_state();
  for (envs::Action action : actions) state->apply(action);
  return state;
}

/// One run with the hash evaluator from the position after `actions`.
inline mcts::SearchResult run_hashed(const std::string& game_spec,
                                     const std::vector<envs::Action>& actions, int simulations,
                                     const mcts::SearchConfig& config = {},
                                     std::uint64_t seed = 1) {
  const auto game = envs::make_game(game_spec);
  mcts::Search search(game, config);
  search.reset(*play(*game, actions));
  mcts::HashEvaluator evaluator;
  Rng rng(seed);
  return search.run(evaluator, {.simulations = simulations}, rng);
}

inline std::vector<int> visits_of(const mcts::SearchResult& result) {
  std::vector<int> visits;
  for (const mcts::ActionStats& stats : result.actions) visits.push_back(stats.visits);
  return visits;
}

inline int sum_of_visits(const mcts::SearchResult& result) {
  int sum = 0;
  for (int visits : visits_of(result)) sum += visits;
  return sum;
}

/// Everything but the time is equal, to the bit.
inline bool same_search(const mcts::SearchResult& a, const mcts::SearchResult& b) {
  if (a.actions.size() != b.actions.size()) return false;
  for (std::size_t i = 0; i < a.actions.size(); ++i) {
    const mcts::ActionStats &x = a.actions[i], &y = b.actions[i];
    if (x.action != y.action || x.visits != y.visits || x.q != y.q || x.prior != y.prior ||
        x.proof != y.proof)
      return false;
  }
  return a.value == b.value && a.proof == b.proof && a.simulations == b.simulations &&
         a.principal_variation == b.principal_variation;
}

/// Minimax value of `state` for `player`, by plain recursion: for tiny games.
inline float minimax_value(const envs::State& state, int player) {
  if (state.is_terminal()) return state.returns(player);
  std::vector<envs::Action> actions;
  state.legal_actions(actions);
  const bool own = state.current_player() == player;
  float best = own ? -1.0f : 1.0f;
  for (envs::Action action : actions) {
    const auto next = state.clone();
    next->apply(action);
    const float value = minimax_value(*next, player);
    best = own ? std::max(best, value) : std::min(best, value);
  }
  return best;
}

}  // namespace tengen::test
