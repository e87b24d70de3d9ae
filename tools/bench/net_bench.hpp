// Evaluations per second of a whole net, from State to priors and value, for each board size,
// precision, number of threads and batch. Threads are independent single-threaded streams, as
// self-play and search use them. Beside each stands the rate of oneDNN's convolutions alone, which
// Winograd's filtering of our own surpasses in fp32. Below other precisions than fp32 stands what
// they cost in accuracy, which says something for trained nets.
#pragma once

#include <string>
#include <vector>

#include "tools/bench/report.hpp"

namespace tengen::tools {

struct NetBenchConfig {
  std::string net = "resnet:blocks=6,channels=96";
  std::string game;                     // instead of Go at `sizes`, if given
  std::vector<int> sizes = {9, 19};     // of the Go board
  std::vector<std::string> precisions;  // empty: the native ones
  std::vector<int> batches = {1, 8, 32, 256};
  std::vector<int> threads;  // empty: one, and all
  SamplePlan plan;
};

BenchReport bench_net(const NetBenchConfig& config);

}  // namespace tengen::tools
