#include "selfplay/players/random_player.hpp"

namespace tengen::selfplay {

std::optional<envs::Action> RandomPlayer::select_action(const envs::State& state, Rng& rng) {
  state.legal_actions(actions_);
  return actions_[rng.below(static_cast<std::uint32_t>(actions_.size()))];
}

}  // namespace tengen::selfplay
