// How long a game will last, for its players' clocks.
#pragma once

#include "envs/game.hpp"

namespace tengen::gtp {

/// How many more moves each player will make, at least 1: a typical game fills 70% of the board.
/// However long a game has been, a quarter of the board and a dozen plies are expected still, so
/// that the clock does not come down to what is kept back for the lag; unless the rules end it
/// earlier. The rules of Go do not, as games over GTP have no limit of plies (GameRecord).
int expected_moves_left(const envs::State& state);

}  // namespace tengen::gtp
