// Evaluations per second of a net through InferencePlan, for each board size, precision, number of
// threads and batch. Threads are independent single-threaded streams with a scratch each, as
// self-play and search use them.
#pragma once

#include <string>
#include <vector>

#include "tools/bench/bench.hpp"

namespace tengen::tools {

struct NetBenchConfig {
  std::string net = "resnet:blocks=6,channels=96";
  std::vector<int> sizes = {9, 19};  // of the Go board
  std::vector<std::string> precisions = {"fp32", "bf16"};
  std::vector<int> batches = {1, 8, 32, 256};
  std::vector<int> threads = {1, 2};
  /// Of each measurement, after a warm-up; at least one evaluation is measured.
  double seconds = 0.5;
};

/// Weights are random: speed does not depend on them.
BenchOutput bench_net(const NetBenchConfig& config);

}  // namespace tengen::tools
