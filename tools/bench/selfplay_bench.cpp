#include "tools/bench/selfplay_bench.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <numeric>
#include <optional>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/progress.hpp"
#include "engine/base/threads.hpp"
#include "envs/registry.hpp"
#include "selfplay/net_plan.hpp"
#include "tools/bench/convolution_ceiling.hpp"
#include "tools/bench/fixtures.hpp"

namespace tengen::tools {
namespace {

using selfplay::SelfPlayStats;

constexpr int kSlices = 5;
constexpr std::size_t kGames = 1'000'000;  // more than can be finished

std::vector<double> net_rates(const std::vector<SelfPlayStats>& slices) {
  std::vector<double> rates;
  for (std::size_t i = 1; i < slices.size(); ++i)
    rates.push_back(static_cast<double>(slices[i].net_evaluations - slices[i - 1].net_evaluations) /
                    (slices[i].seconds - slices[i - 1].seconds));
  return rates;
}

/// Samples of the ceiling, half of them before and half after `work`.
template <typename F>
std::vector<double> samples_around(const std::optional<Ceiling>& ceiling, double seconds,
                                   const F& work) {
  std::vector<double> samples;
  const auto sample = [&](int count) {
    for (int i = 0; ceiling && i < count; ++i) samples.push_back(ceiling->run(seconds));
  };
  if (ceiling) ceiling->run(seconds);  // warm-up
  sample((kSlices + 1) / 2);
  work();
  sample(kSlices / 2);
  return samples;
}

Fields extras_of(const SelfPlayStats& begin, const SelfPlayStats& end) {
  const double seconds = end.seconds - begin.seconds;
  const double worker_seconds = end.worker_seconds - begin.worker_seconds;
  const double outside = worker_seconds - (end.net_seconds - begin.net_seconds);
  const auto visits = static_cast<double>(end.evaluations - begin.evaluations);
  return {{"visits_per_second", visits_per_second(begin, end)},
          {"positions_per_second", static_cast<double>(end.plies - begin.plies) / seconds},
          {"outside_net_percent", 100 * outside / worker_seconds},
          {"outside_net_us_per_visit", 1e6 * outside / visits}};
}

}  // namespace

double visits_per_second(const SelfPlayStats& begin, const SelfPlayStats& end) {
  return static_cast<double>(end.evaluations - begin.evaluations) / (end.seconds - begin.seconds);
}

std::vector<SelfPlayStats> play_slices(const selfplay::SelfPlayConfig& config,
                                       const selfplay::SelfPlayJob& job, double seconds,
                                       int count) {
  const double warm_up = seconds / 5;
  const double slice = (seconds - warm_up) / count;
  std::vector<SelfPlayStats> slices;
  std::atomic<bool> stop{false};
  selfplay::SelfPlayCallbacks callbacks;
  callbacks.on_progress = [&](const SelfPlayStats& stats) {
    const double due = slices.empty() ? warm_up : slices.back().seconds + slice;
    if (stop || stats.seconds < due) return;
    // A slice in which nothing was evaluated says nothing: a batch may take long.
    if (!slices.empty() && stats.net_evaluations == slices.back().net_evaluations) return;
    slices.push_back(stats);
    stop = static_cast<int>(slices.size()) > count;
  };
  selfplay::play_games(config, job, callbacks, &stop);
  return slices;
}

BenchReport bench_selfplay(const SelfPlayBenchConfig& config) {
  const auto game = envs::make_game(config.game);
  const nets::PlanGraph graph = net_for(config.net, *game)->graph();
  const nets::Precision precision = supported_precision(config.precision);
  std::vector<std::uint64_t> indices(kGames);
  std::iota(indices.begin(), indices.end(), std::uint64_t{0});
  selfplay::SelfPlayConfig self_play;
  self_play.simulations = config.simulations;
  self_play.games_per_thread = config.games_per_thread;
  self_play.cache_mb = config.cache_mb;
  self_play.search.noise_fraction = 0.25f;
  selfplay::SelfPlayJob job;
  job.game = game;
  job.plan = selfplay::make_plan(graph, *game, precision, config.games_per_thread);
  job.indices = indices;
  job.threads = threads_or_default(config.threads);

  const auto ceiling = convolution_ceiling(graph, precision, ConvolutionPass::inference,
                                           config.games_per_thread, job.threads);
  std::vector<SelfPlayStats> slices;
  Progress progress("bench selfplay", "rows", 1);
  const std::vector<double> ceilings = samples_around(ceiling, config.seconds / 20, [&] {
    slices = play_slices(self_play, job, config.seconds, kSlices);
  });
  BenchReport report{"selfplay",
                     "self-play (visits include those that the cache answers)",
                     "net_evaluations_per_second",
                     {}};
  report.rows.push_back({{{"game", config.game},
                          {"net", config.net},
                          {"precision", nets::to_string(precision)},
                          {"threads", job.threads},
                          {"games_per_thread", config.games_per_thread},
                          {"simulations", config.simulations}},
                         to_measurement(net_rates(slices), ceiling ? ceiling->name : "", ceilings),
                         extras_of(slices.front(), slices.back())});
  progress.advance();
  return report;
}

}  // namespace tengen::tools
