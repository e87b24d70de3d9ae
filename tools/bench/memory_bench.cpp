#include "tools/bench/memory_bench.hpp"

#include <memory>

#include "engine/base/progress.hpp"
#include "tools/machine.hpp"

namespace tengen::tools {
namespace {

struct Arrays {
  explicit Arrays(std::size_t size) : a(size, 0.0f), b(size, 1.0f), c(size, 2.0f) {}

  void triad() {
    const float scale = 3.0f;
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = b[i] + scale * c[i];
  }
  /// STREAM counts what the program asks for: two reads and a write.
  double bytes() const { return 3.0 * static_cast<double>(a.size() * sizeof(float)); }

  std::vector<float> a, b, c;
};

Contender triad_streams(int threads, int megabytes) {
  const std::size_t floats = (static_cast<std::size_t>(megabytes) << 20) / sizeof(float);
  return run_streams(threads, [=](int) -> Work {
    const auto arrays = std::make_shared<Arrays>(floats / static_cast<std::size_t>(threads));
    return [arrays] {
      arrays->triad();
      return arrays->bytes() * 1e-9;
    };
  });
}

}  // namespace

BenchReport bench_memory(const MemoryBenchConfig& config) {
  const int all = read_machine().threads;
  std::vector<int> threads = config.threads;
  if (threads.empty()) threads = all == 1 ? std::vector{1} : std::vector{1, all};
  Progress progress("bench memory", "rows", threads.size());
  BenchReport report{"memory", "memory: triad", "gigabytes_per_second", {}};
  for (const int count : threads) {
    report.rows.push_back(
        {{{"threads", count}},
         measure(triad_streams(count, config.megabytes_per_array), std::nullopt, config.plan),
         {}});
    progress.advance();
  }
  return report;
}

}  // namespace tengen::tools
