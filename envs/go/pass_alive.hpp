// Chains that live whatever happens, even if their owner passes for ever.
//
// Source: Benson (1976), "Life in the game of Go". A region of a colour is a connected set of
// points without stones of that colour. It is vital to a chain if each of its empty points is a
// liberty of the chain. Start with all chains and regions; take away the chains with fewer than two
// vital regions, then the regions that touch a chain taken away, until nothing changes. What
// remains is alive exactly: the opponent can capture every other chain if its owner passes. Where
// suicide is allowed, stones inside a region may leave it again, and every point of a vital region
// must be beside the chain, not only the empty ones.
#pragma once

#include <vector>

#include "envs/go/board.hpp"

namespace tengen::envs::go {

/// By cell (row * width + column): the colour of the pass-alive chain there, or whose pass-alive
/// chains surround it with a region that is vital to one of them (stones of the opponent in it are
/// dead); kEmpty elsewhere.
std::vector<Color> pass_alive(const Board& board, bool suicide);

}  // namespace tengen::envs::go
