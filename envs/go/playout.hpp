// Uniformly random games on the bare board, for rollouts and for measuring the board.
//
// Each move is drawn uniformly from the legal points that are not the mover's simple eyes, under
// simple ko and without suicide; a side with no such point passes; two passes end the game.
#pragma once

#include "engine/base/random.hpp"
#include "envs/go/board.hpp"

namespace tengen::envs::go {

/// Plays `board` to its end with `to_move` next, at most max_plies plies. `passes`: 1 if the move
/// before was a pass. Returns the plies played, passes included.
int play_random_game(Board& board, Color to_move, int passes, int max_plies, Rng& rng);

}  // namespace tengen::envs::go
