#include "envs/game.hpp"

#include "engine/base/random.hpp"

namespace tengen::envs {

float State::random_playout(Rng& rng, int player, int* plies) const {
  const std::unique_ptr<State> state = clone();
  std::vector<Action> actions;
  while (!state->is_terminal()) {
    state->legal_actions(actions);
    state->apply(actions[rng.below(static_cast<std::uint32_t>(actions.size()))]);
  }
  if (plies) *plies += state->ply() - ply();
  return state->returns(player);
}

}  // namespace tengen::envs
