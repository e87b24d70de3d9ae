// Counting points.
//
// Area (Tromp-Taylor): a point belongs to the colour of its stone, or, if empty, to the colour that
// alone is reached from it over empty points. No stone is ever taken for dead.
// Territory (Japanese): dead stones are taken off; a colour has a point for each empty point that
// reaches it alone, unless a chain in seki is beside the region, and for each stone that it has
// captured, the dead ones included.
#pragma once

#include <span>
#include <vector>

#include "envs/go/board.hpp"
#include "envs/go/life.hpp"

namespace tengen::envs::go {

/// Points of Black less points of White, without komi.
int area_score(const Board& board);

/// Owner of each cell (row * width + column); kEmpty: neither.
std::vector<Color> ownership(const Board& board);

/// The board once its dead stones are taken off; `life` by cell.
Board without_dead_stones(const Board& board, std::span<const Life> life);

/// Points of Black less points of White by territory, without prisoners taken before and komi.
/// `life` by cell.
int territory_score(const Board& board, std::span<const Life> life);

/// The same as it will be if the rest of the game ends in these owners of the points, by cell: a
/// point counts once, a second time if the opponent's stone on it dies, and not at all if an own
/// stone is there now. Both sides fill as many points from now on, so this holds from the opening
/// to the end.
int territory_score_if(const Board& board, std::span<const Color> owners);

}  // namespace tengen::envs::go
