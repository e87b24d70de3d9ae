// Memory bandwidth: the triad of STREAM (McCalpin 1995), a[i] = b[i] + s c[i], on arrays far larger
// than the caches. It is the ceiling of what streams through memory: training's activations, the
// optimizer, large batches.
#pragma once

#include <vector>

#include "tools/bench/report.hpp"

namespace tengen::tools {

struct MemoryBenchConfig {
  std::vector<int> threads;      // empty: one, and all
  int megabytes_per_array = 64;  // shared out among the threads
  SamplePlan plan;
};

BenchReport bench_memory(const MemoryBenchConfig& config);

}  // namespace tengen::tools
