// Self-play as training runs it, with an untrained net or a given one: net evaluations, visits and
// positions per second, and where the workers' time goes.
#pragma once

#include <string>
#include <vector>

#include "selfplay/self_play.hpp"
#include "tools/bench/report.hpp"

namespace tengen::tools {

struct SelfPlayBenchConfig {
  std::string game = "go:size=9";
  std::string net = "resnet:blocks=6,channels=96";
  std::string precision = "auto";
  int threads = 0;  // 0: one per logical CPU
  int simulations = 100;
  int games_per_thread = 32;
  int cache_mb = 32;
  double seconds = 10;
};

/// Plays for about `seconds` and returns the counts so far, `count` + 1 times at about equal
/// distances; the first fifth of the time is the warm-up before the first.
std::vector<selfplay::SelfPlayStats> play_slices(const selfplay::SelfPlayConfig& config,
                                                 const selfplay::SelfPlayJob& job, double seconds,
                                                 int count);
/// Leaves evaluated per second between two counts, by net or cache.
double visits_per_second(const selfplay::SelfPlayStats& begin, const selfplay::SelfPlayStats& end);

/// The games go on through the whole measurement, so samples are slices of one run, and the ceiling
/// (oneDNN's convolutions alone, same threads and batch) is measured before and after it.
BenchReport bench_selfplay(const SelfPlayBenchConfig& config);

}  // namespace tengen::tools
