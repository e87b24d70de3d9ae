// Area scoring (Tromp-Taylor): a point belongs to the colour of its stone, or, if empty, to the
// colour that alone is reached from it over empty points. No stone is ever taken for dead.
#pragma once

#include <vector>

#include "envs/go/board.hpp"

namespace tengen::envs::go {

/// Points of Black less points of White, without komi.
int area_score(const Board& board);

/// Owner of each cell (row * width + column); kEmpty: neither.
std::vector<Color> ownership(const Board& board);

}  // namespace tengen::envs::go
