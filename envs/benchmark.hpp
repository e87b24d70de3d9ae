// Measures how fast a game plays itself at random: `tengen bench board`.
#pragma once

#include <cstdint>

#include "engine/base/random.hpp"
#include "envs/game.hpp"

namespace tengen::envs {

struct BoardBenchmark {
  std::uint64_t games = 0;
  std::uint64_t plies = 0;
  double seconds = 0;
};

/// Plays random games from the initial position for about `seconds`, one thread, by the game's
/// random_playout().
BoardBenchmark measure_random_games(const Game& game, double seconds, Rng& rng);

}  // namespace tengen::envs
