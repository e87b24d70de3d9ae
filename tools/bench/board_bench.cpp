#include "tools/bench/board_bench.hpp"

#include <memory>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/progress.hpp"
#include "envs/benchmark.hpp"
#include "envs/registry.hpp"

namespace tengen::tools {
namespace {

/// One thread draws; counts games of `plies_per_game` draws.
Work draws(int num_actions, double plies_per_game) {
  constexpr int kDraws = 1 << 16;
  const auto rng = std::make_shared<Rng>(3);
  const auto sum = std::make_shared<std::uint64_t>(0);  // read by nobody, but known to be written
  return [=] {
    for (int i = 0; i < kDraws; ++i) *sum += rng->below(static_cast<std::uint32_t>(num_actions));
    return kDraws / plies_per_game;
  };
}

BenchRow bench_game(const std::string& spec, const envs::Game& game, const SamplePlan& plan) {
  Rng rng(1);
  const envs::BoardBenchmark first = envs::measure_random_games(game, plan.seconds, rng);
  const double plies_per_game = static_cast<double>(first.plies) / static_cast<double>(first.games);
  const Contender games = [&](double seconds) {
    const envs::BoardBenchmark result = envs::measure_random_games(game, seconds, rng);
    return static_cast<double>(result.games) / result.seconds;
  };
  const Ceiling ceiling{"one random number a ply", run_streams(1, [&](int) {
                          return draws(game.num_actions(), plies_per_game);
                        })};
  const Measurement m = measure(games, ceiling, plan);
  return {
      {{"game", spec}},
      m,
      {{"plies_per_second", m.rate.median * plies_per_game}, {"plies_per_game", plies_per_game}}};
}

}  // namespace

BenchReport bench_board(const BoardBenchConfig& config) {
  if (config.games.empty()) bad_argument("bench board", "expected at least one game");
  std::vector<std::shared_ptr<const envs::Game>> games;
  for (const std::string& spec : config.games) games.push_back(envs::make_game(spec));
  Progress progress("bench board", "rows", games.size());
  BenchReport report{"board", "board: random games, one thread", "games_per_second", {}};
  for (std::size_t i = 0; i < games.size(); ++i) {
    report.rows.push_back(bench_game(config.games[i], *games[i], config.plan));
    progress.advance();
  }
  return report;
}

}  // namespace tengen::tools
