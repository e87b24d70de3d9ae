#include "selfplay/opening.hpp"

namespace tengen::selfplay {

std::vector<envs::Action> random_opening(const envs::Game& game, int plies, Rng& rng) {
  std::vector<envs::Action> opening, legal;
  const auto state = game.new_initial_state();
  while (static_cast<int>(opening.size()) < plies) {
    state->legal_actions(legal);
    rng.shuffle(std::span(legal));
    bool played = false;
    for (std::size_t i = 0; i < legal.size() && !played; ++i) {
      state->apply(legal[i]);
      played = !state->is_terminal();
      if (played)
        opening.push_back(legal[i]);
      else
        state->undo();
    }
    if (!played) break;
  }
  return opening;
}

}  // namespace tengen::selfplay
