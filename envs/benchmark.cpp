#include "envs/benchmark.hpp"

#include "engine/base/clock.hpp"

namespace tengen::envs {

BoardBenchmark measure_random_games(const Game& game, double seconds, Rng& rng) {
  constexpr int kGamesBetweenClockReads = 16;
  const std::unique_ptr<State> start = game.new_initial_state();
  BoardBenchmark result;
  const Stopwatch watch;
  do {
    int plies = 0;
    for (int i = 0; i < kGamesBetweenClockReads; ++i) start->random_playout(rng, 0, &plies);
    result.games += kGamesBetweenClockReads;
    result.plies += static_cast<std::uint64_t>(plies);
    result.seconds = watch.seconds();
  } while (result.seconds < seconds);
  return result;
}

}  // namespace tengen::envs
