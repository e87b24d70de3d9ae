// Training steps per second of small supervised nets: the trainer of `tengen fit` on made-up
// examples of the usual sizes, with batches drawn as in a run.
#pragma once

#include <string>
#include <vector>

#include "tools/bench/report.hpp"

namespace tengen::tools {

struct FitBenchConfig {
  std::vector<std::string> cases;  // of fit_bench_cases(); empty: all
  int threads = 1;                 // 0: one per logical CPU
  SamplePlan plan{.repeats = 5, .seconds = 1};
};

/// Names of what can be measured: "mlp" (784-50-10, SGD), "cnn" (30 filters of 5x5, pooling, 100
/// units, Adam), both on batches of 100 images of 28x28, and "lstm", a language model of 100 units
/// and 65 symbols on 20 sequences of 35 (SGD).
std::vector<std::string> fit_bench_cases();

/// Throws std::invalid_argument that lists the cases.
BenchReport bench_fit(const FitBenchConfig& config);

}  // namespace tengen::tools
