#include "tools/run_summary.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/clock.hpp"
#include "selfplay/run_directory.hpp"
#include "tools/curve.hpp"
#include "tools/fit_report.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

using selfplay::RunDirectory;

/// Metrics worth a curve, as they are stored and as people read them.
constexpr std::pair<const char*, const char*> kCurves[] = {
    {"loss", "loss"},
    {"policy_loss", "policy loss"},
    {"value_loss", "value loss"},
    {"mean_plies", "plies per game"},
    {"positions_per_second", "positions/s"},
};
constexpr std::size_t kRatingsShown = 8;

Curve metric_curve(const RunDirectory& run, const std::string& metric, const std::string& name) {
  Curve curve{name, {}, {}};
  for (const selfplay::MetricRow& row : run.metrics(metric)) {
    curve.x.push_back(row.step);
    curve.y.push_back(row.value);
  }
  return curve;
}

Curve rating_curve(const RunDirectory& run) {
  Curve curve{"Elo above the untrained net", {}, {}};
  for (const selfplay::RatingRow& row : run.ratings()) {
    curve.x.push_back(row.checkpoint);
    curve.y.push_back(row.elo);
  }
  return curve;
}

/// A run of `tengen fit`.
bool is_fit(const RunDirectory& run) { return run.config().contains("task"); }

std::vector<Curve> all_curves(const RunDirectory& run) {
  if (is_fit(run)) return fit_curves(run);
  std::vector<Curve> curves;
  for (const auto& [metric, name] : kCurves) curves.push_back(metric_curve(run, metric, name));
  curves.push_back(rating_curve(run));
  std::erase_if(curves, [](const Curve& curve) { return curve.y.empty(); });
  return curves;
}

std::string progress_lines(const RunDirectory& run) {
  const auto config = run.config();
  const auto option = [&config](const char* key) {
    const auto found = config.find(key);
    return found == config.end() ? std::string("?") : found->second;
  };
  const auto checkpoints = run.checkpoints();
  const bool fit = is_fit(run);
  TextTable table({"<", "<"});
  table.add({"run", run.path().string()});
  table.add(fit ? std::vector<std::string>{"task", option("task")}
                : std::vector<std::string>{"game", option("game")});
  table.add({"net", option("net")});
  const char* unit = fit ? "epochs" : "iterations";
  table.add({unit, fmt::format("{} of {}", run.latest_checkpoint().value_or(0), option(unit))});
  if (!fit) {
    const selfplay::GameCounts counts = run.counts();
    table.add({"games", fmt::format("{} ({} positions)", counts.games, counts.positions)});
  }
  if (!checkpoints.empty()) {
    table.add({"training", fmt::format("{} steps", checkpoints.back().train_steps)});
    table.add({"span", format_duration(checkpoints.back().time - checkpoints.front().time) +
                           " from the first checkpoint to the last"});
  }
  return table.to_string();
}

std::string curve_lines(const RunDirectory& run) {
  TextTable table(
      {is_fit(run) ? "<over the epochs" : "<over the iterations", "first", "<", "last"});
  for (const Curve& curve : all_curves(run))
    table.add({curve.name, short_number(curve.y.front()), sparkline(curve.y),
               short_number(curve.y.back())});
  return table.empty() ? "" : fmt::format("\n{}", table.to_string());
}

std::string rating_lines(const RunDirectory& run) {
  const auto ratings = run.ratings();
  if (ratings.empty()) return "";
  TextTable table({"checkpoint", "Elo", "<95% interval of its match"});
  const std::size_t hidden = ratings.size() - std::min(ratings.size(), kRatingsShown);
  for (std::size_t i = hidden; i < ratings.size(); ++i)
    table.add({std::to_string(ratings[i].checkpoint), fmt::format("{:+.0f}", ratings[i].elo),
               fmt::format("{:+.0f} to {:+.0f}", ratings[i].low, ratings[i].high)});
  return fmt::format("\n{}", table.to_string());
}

std::string place_lines(const RunDirectory& run) {
  TextTable table({"<", "<"});
  if (!is_fit(run))
    table.add({"games", (run.path() / "replay").string() + "  (tengen run games, run export-sgf)"});
  if (const auto best = run.best_checkpoint())
    table.add({"best net", run.net_path(*best).string()});
  if (const auto latest = run.latest_checkpoint())
    table.add({"newest net", run.net_path(*latest).string()});
  return fmt::format("\n{}", table.to_string());
}

}  // namespace

std::string run_summary(const RunDirectory& run) {
  return progress_lines(run) + curve_lines(run) + rating_lines(run) + place_lines(run);
}

std::string run_svg(const RunDirectory& run) {
  return curves_svg(run.path().string(), is_fit(run) ? "epoch" : "iteration", all_curves(run));
}

}  // namespace tengen::tools
