// Finds the settings with which this machine is fastest: for self-play the precision, the threads,
// and the games per thread, which are also the largest batch of the net; then, in that precision,
// for one tree as `tengen gtp` searches it, the threads and the leaves that each evaluates at once.
//
// A tree's threads choose leaves before they know the answers for those chosen before, so more
// leaves at once make each visit worth less: of the settings within 5% of the fastest, the one with
// the fewest is taken.
#pragma once

#include <string>
#include <vector>

#include "tools/bench/report.hpp"

namespace tengen::tools {

struct TuneConfig {
  std::string game;  // empty: the net's own
  std::string net = "resnet:blocks=6,channels=96";
  double seconds = 60;  // of all together, about; a third of it for the tree
  int simulations = 100;
  std::vector<std::string> precisions;                       // to try; empty: the native ones
  std::vector<int> threads;                                  // to try; empty: all, and half of them
  std::vector<int> games_per_thread = {8, 16, 32, 64, 128};  // to try
  std::vector<int> leaves = {4, 8, 16, 32};                  // of a tree, per thread; to try
};

struct TuneResult {
  std::vector<BenchReport> reports;  // self-play and the tree, the fastest first
  std::string config_toml;           // the chosen settings, for the --config of train and of gtp
};

TuneResult tune(const TuneConfig& config);

}  // namespace tengen::tools
