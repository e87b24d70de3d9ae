// Who will own each point, estimated from random games: no net here has an ownership head.
#pragma once

#include <vector>

#include "envs/go/go_state.hpp"

namespace tengen {
class Rng;
}

namespace tengen::gtp {

/// For each cell (row * width + column) the mean owner, 1 Black to -1 White, at the end of `games`
/// uniformly random games from the position, as play_random_game() plays them.
std::vector<double> random_ownership(const envs::go::GoState& state, int games, Rng& rng);

}  // namespace tengen::gtp
