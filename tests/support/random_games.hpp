// Game records made by random play, with random policies and values: input for replay tests.
#pragma once

#include <vector>

#include "engine/base/random.hpp"
#include "envs/game.hpp"
#include "selfplay/game_record.hpp"

namespace tengen::test {

/// A whole random game; each ply has a random policy over its legal actions. About one ply in four
/// is not for training.
inline selfplay::GameRecord random_record(const envs::Game& game, std::uint64_t index, Rng& rng,
                                          int iteration = 1) {
  selfplay::GameRecord record;
  record.game = game.spec();
  record.index = index;
  record.iteration = iteration;
  const auto state = game.new_initial_state();
  std::vector<envs::Action> legal;
  while (!state->is_terminal()) {
    state->legal_actions(legal);
    std::vector<float> policy(legal.size());
    rng.dirichlet(1.0, policy);
    selfplay::PlyRecord ply;
    ply.action = legal[rng.categorical(policy)];
    ply.root_value = static_cast<float>(rng.uniform(-1, 1));
    ply.player = static_cast<std::uint8_t>(state->current_player());
    ply.for_training = rng.uniform() < 0.75;
    ply.policy_begin = static_cast<std::uint32_t>(record.policy.size());
    if (ply.for_training)
      for (std::size_t i = 0; i < legal.size(); ++i) record.policy.push_back({legal[i], policy[i]});
    ply.policy_count = static_cast<std::uint32_t>(record.policy.size()) - ply.policy_begin;
    record.plies.push_back(ply);
    state->apply(ply.action);
  }
  record.result = state->returns(0);
  return record;
}

}  // namespace tengen::test
