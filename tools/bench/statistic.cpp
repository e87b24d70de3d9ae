#include "tools/bench/statistic.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/base/error.hpp"

namespace tengen::tools {
namespace {

double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

}  // namespace

double Statistic::spread() const {
  return median == 0 ? 0 : (high_quartile - low_quartile) / 2 / std::abs(median);
}

Statistic summarise(std::span<const double> samples) {
  if (samples.empty()) bad_argument("statistic", "expected at least one sample, got none");
  std::vector<double> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end());
  return {.median = quantile(sorted, 0.5),
          .low_quartile = quantile(sorted, 0.25),
          .high_quartile = quantile(sorted, 0.75),
          .least = sorted.front(),
          .most = sorted.back(),
          .count = static_cast<int>(sorted.size())};
}

}  // namespace tengen::tools
