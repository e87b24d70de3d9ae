// Counting points.
//
// Area (Tromp-Taylor): a point belongs to the colour of its stone, or, if empty, to the colour that
// alone is reached from it over empty points. No stone is ever taken for dead.
// Territory (Japanese): dead stones are taken off; a colour has a point for each empty point that
// reaches it alone, and for each stone that it has captured, the dead ones included.
//
// A tax (rules.hpp) is on groups. A group is a connected set of the stones of one colour and of the
// empty points that reach it alone: chains that share an eye or a territory are one group. Empty
// points that reach both colours (dame) are of none. No tax spares what is in seki: by area the
// empty points of groups that touch dame or have a chain in atari; by territory, where dame may
// stay open, the empty regions beside chains that were judged to be in seki (life.hpp). Of what is
// left to a group Tax::kAll takes two points, for its eyes, or all if there are fewer (by area a
// living group never has fewer).
//
// Source: KataGo's rules, version 1 (lightvector.github.io/KataGo/rules.html), "Additional
// Definitions" and "TaxRule": an independent life region of a colour is a maximal connected set of
// points without stones of the opponent that holds no dame and no chain in atari. Such a set is a
// group as above, and every other one is made of groups in seki and of dame. So by area the scores
// are KataGo's, except that a set without stones is nobody's region here: to the letter, each eye
// would be one of the opponent's.
//
// Limits: a living group pays what stone scoring would make it leave open, once dame are filled,
// kos ended and dead stones captured. Before that, by area, groups beside dame or dead stones or
// with a ko stone in atari count as seki, and by territory groups that the last dame will join pay
// two points each. A group in seki pays all its eyes, even points that its owner could fill.
#pragma once

#include <span>
#include <vector>

#include "envs/go/board.hpp"
#include "envs/go/life.hpp"
#include "envs/go/rules.hpp"

namespace tengen::envs::go {

/// Points of Black less points of White, without komi.
int area_score(const Board& board, Tax tax = Tax::kNone);

/// Owner of each cell (row * width + column); kEmpty: neither.
std::vector<Color> ownership(const Board& board);

/// The board once its dead stones are taken off; `life` by cell.
Board without_dead_stones(const Board& board, std::span<const Life> life);

/// Points of Black less points of White by territory, without prisoners taken before and komi.
/// `life` by cell.
int territory_score(const Board& board, std::span<const Life> life, Tax tax);

/// The same as it will be if the rest of the game ends on the board `end`, where no stone is dead
/// or in seki, as after random games: a point of its owner's there counts once, a second time if
/// the opponent's stone on it died, and not at all if an own stone is on it now; then each group of
/// `end` pays. Both sides fill as many points from now on, so this holds from the opening to the
/// end.
int territory_score_if(const Board& board, const Board& end, Tax tax);

}  // namespace tengen::envs::go
