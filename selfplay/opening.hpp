// Random openings, so that matches between deterministic players do not repeat one game.
#pragma once

#include <vector>

#include "engine/base/random.hpp"
#include "envs/game.hpp"

namespace tengen::selfplay {

/// Up to `plies` uniformly random legal actions from the initial state, none of which ends the
/// game; fewer if every action would.
std::vector<envs::Action> random_opening(const envs::Game& game, int plies, Rng& rng);

}  // namespace tengen::selfplay
