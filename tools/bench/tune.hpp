// Finds the settings with which self-play is fastest on this machine: precision, threads, and games
// per thread, which is also the largest batch of the net.
//
// Successive halving (Karnin, Koren and Somekh 2013): every round measures all candidates that are
// left, in turn, and keeps the faster half; rounds last equally long, so that those which are close
// to the best are measured longest.
#pragma once

#include <string>
#include <vector>

#include "tools/bench/report.hpp"

namespace tengen::tools {

struct TuneConfig {
  std::string game;  // empty: the net's own
  std::string net = "resnet:blocks=6,channels=96";
  double seconds = 60;  // of all rounds together, about
  int simulations = 100;
  std::vector<std::string> precisions;                       // to try; empty: the native ones
  std::vector<int> threads;                                  // to try; empty: all, and half of them
  std::vector<int> games_per_thread = {8, 16, 32, 64, 128};  // to try
};

struct TuneResult {
  BenchReport report;       // the fastest first
  std::string config_toml;  // the fastest one, for tengen train --config
};

TuneResult tune(const TuneConfig& config);

}  // namespace tengen::tools
