// Which chains are alive, dead or in seki, as players would agree at the end of a game.
//
// What pass_alive.hpp knows is exact: its chains are alive, and the opponent's stones in their eyes
// dead. The rest is judged by who owns a chain's points in the mean at the end of random games: the
// chain is alive if they mostly stay its own, else dead. Where they go now to this side and now to
// that, on both sides of common empty points, the chains are in seki: random play destroys either.
// The judgement is fair once the borders are closed, and only an estimate before.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "envs/go/board.hpp"

namespace tengen {
class Rng;
}

namespace tengen::envs::go {

/// Of a cell: kEmpty without a stone.
enum class Life : std::uint8_t { kEmpty, kAlive, kSeki, kDead };

/// For each cell (row * width + column) the mean owner, 1 Black to -1 White, at the end of `games`
/// uniformly random games (play_random_game()), of which either colour begins every second.
std::vector<double> random_ownership(const Board& board, int games, Rng& rng);

/// By cell, from the mean owners by cell, 1 Black to -1 White.
std::vector<Life> judge_life(const Board& board, std::span<const double> owners, bool suicide);

}  // namespace tengen::envs::go
