// Measures how fast a game plays itself at random, and what the calls of a search cost:
// `tengen bench board`.
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

/// Mean nanoseconds a call.
struct CallCosts {
  double legal_actions = 0, apply = 0, copy_from = 0, write_observation = 0, key = 0;
};

/// Times what a search asks of a state, one thread, about `seconds` for each call, in positions
/// spread over the first half of random games.
CallCosts measure_calls(const Game& game, double seconds, Rng& rng);

}  // namespace tengen::envs
