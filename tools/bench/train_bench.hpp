// Training samples per second: the trainer's own step on positions of real self-play games, with
// batches drawn and augmented beside it as in a run.
#pragma once

#include <string>

#include "tools/bench/report.hpp"

namespace tengen::tools {

struct TrainBenchConfig {
  std::string game = "go:size=9";
  std::string net = "resnet:blocks=6,channels=96";
  std::string precision = "auto";  // of the convolutions: fp32, bf16 or auto
  int threads = 0;                 // 0: one per logical CPU
  int batch = 256;
  bool augment = true;
  SamplePlan plan{.repeats = 5, .seconds = 1};
};

/// The ceiling: oneDNN's convolutions alone, forward and both backward passes, in the same
/// precision, on the same threads, each with its share of the batch.
BenchReport bench_train(const TrainBenchConfig& config);

}  // namespace tengen::tools
