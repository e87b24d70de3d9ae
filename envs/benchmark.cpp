#include "envs/benchmark.hpp"

#include <vector>

#include "engine/base/clock.hpp"

namespace tengen::envs {
namespace {

/// A position and a legal action there.
struct Sample {
  std::unique_ptr<State> state;
  Action action;
};

std::vector<Sample> sample_positions(const Game& game, Rng& rng) {
  constexpr std::size_t kPositions = 64;
  std::vector<Sample> samples;
  std::vector<Action> actions;
  while (samples.size() < kPositions) {
    const std::unique_ptr<State> state = game.new_initial_state();
    const auto half = static_cast<std::uint32_t>(game.max_plies() + 1) / 2;
    for (std::uint32_t plies = rng.below(half);; --plies) {
      state->legal_actions(actions);
      if (actions.empty()) break;
      const Action action = actions[rng.below(static_cast<std::uint32_t>(actions.size()))];
      if (plies == 0) {
        samples.push_back({state->clone(), action});
        break;
      }
      state->apply(action);
    }
  }
  return samples;
}

/// Mean nanoseconds of call(sample) over all samples, again and again for about `seconds`.
template <typename Call>
double time_calls(const std::vector<Sample>& samples, double seconds, Call call) {
  const Stopwatch watch;
  std::uint64_t calls = 0;
  do {
    for (int round = 0; round < 16; ++round)
      for (const Sample& sample : samples) call(sample);
    calls += 16 * samples.size();
  } while (watch.seconds() < seconds);
  return watch.seconds() * 1e9 / static_cast<double>(calls);
}

}  // namespace

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

CallCosts measure_calls(const Game& game, double seconds, Rng& rng) {
  const std::vector<Sample> samples = sample_positions(game, rng);
  const std::unique_ptr<State> copy = game.new_initial_state();
  std::vector<Action> actions;
  std::vector<float> planes(static_cast<std::size_t>(game.observation_shape().size()));
  volatile std::uint64_t sink = 0;  // keys must be computed
  const auto time = [&](auto call) { return time_calls(samples, seconds, call); };
  CallCosts costs;
  costs.legal_actions = time([&](const Sample& s) { s.state->legal_actions(actions); });
  costs.copy_from = time([&](const Sample& s) { copy->copy_from(*s.state); });
  const double both = time([&](const Sample& s) {
    copy->copy_from(*s.state);
    copy->apply(s.action);
  });
  costs.apply = both > costs.copy_from ? both - costs.copy_from : 0;
  costs.write_observation = time([&](const Sample& s) { s.state->write_observation(planes); });
  costs.key = time([&](const Sample& s) { sink = s.state->key(); });
  return costs;
}

}  // namespace tengen::envs
