// Where fixed handicap stones stand: the GTP version 2 draft, section 4.1.1.
#pragma once

#include <vector>

#include "envs/game.hpp"

namespace tengen::envs::go {

/// Most stones that fixed_handicap() places: 9 on odd boards from 9x9, 4 on even boards and 7x7,
/// 0 if a side is below 7.
int max_fixed_handicap(int width, int height);

/// The points (as actions), in GTP's order. 2 <= stones <= max_fixed_handicap(), else
/// std::invalid_argument.
std::vector<Action> fixed_handicap(int width, int height, int stones);

}  // namespace tengen::envs::go
