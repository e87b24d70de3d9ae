// Fast random games against those of the State interface.
#pragma once

#include <catch2/catch.hpp>
#include <cmath>

#include "engine/base/random.hpp"
#include "envs/game.hpp"

namespace tengen::test {

/// The mean result of the fast playout and of the default one estimate the same number; 4000 games
/// each put their difference within 5 standard errors (at most 0.112). `plies`: how far their mean
/// lengths may differ.
inline void check_playouts_agree(const envs::State& state, std::uint64_t seed, double plies) {
  constexpr int kGames = 4000;
  Rng rng(seed);
  int fast_plies = 0, slow_plies = 0;
  double fast = 0, slow = 0;
  for (int i = 0; i < kGames; ++i) {
    fast += state.random_playout(rng, 0, &fast_plies);
    slow += state.envs::State::random_playout(rng, 0, &slow_plies);
  }
  CHECK(std::abs(fast - slow) / kGames < 0.112);
  CHECK(std::abs(fast_plies - slow_plies) / double{kGames} < plies);
}

}  // namespace tengen::test
