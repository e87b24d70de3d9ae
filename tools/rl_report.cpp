#include "tools/rl_report.hpp"

#include <map>
#include <utility>

namespace tengen::tools {
namespace {

/// Metrics worth a curve, as they are stored and as people read them.
constexpr std::pair<const char*, const char*> kCurves[] = {
    {"evaluation_return", "evaluation return"},
    {"training_return", "training return"},
    {"entropy", "entropy"},
    {"kl", "kl"},
    {"value_loss", "value loss"},
    {"explained_variance", "explained variance"}};

}  // namespace

std::vector<Curve> rl_curves(const selfplay::RunDirectory& run) {
  std::map<int, double> steps;  // by checkpoint
  for (const selfplay::MetricRow& row : run.metrics("steps")) steps[row.step] = row.value;
  std::vector<Curve> curves;
  for (const auto& [metric, name] : kCurves) {
    Curve curve{name, {}, {}};
    for (const selfplay::MetricRow& row : run.metrics(metric)) {
      curve.x.push_back(steps[row.step]);
      curve.y.push_back(row.value);
    }
    if (!curve.x.empty()) curves.push_back(std::move(curve));
  }
  return curves;
}

}  // namespace tengen::tools
