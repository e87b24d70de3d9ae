#include "tools/gtp/moves_left.hpp"

#include <algorithm>

#include "envs/go/go_state.hpp"

namespace tengen::gtp {

int expected_moves_left(const envs::State& state) {
  const envs::Game& game = state.game();
  const int cells = game.observation_shape().cells();
  int plies = std::max(7 * cells / 10 - state.ply(), cells / 4 + 12);
  if (!envs::go::as_go(state)) plies = std::min(plies, game.max_plies() - state.ply());
  return std::max(1, (plies + 1) / 2);
}

}  // namespace tengen::gtp
