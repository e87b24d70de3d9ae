#include "tools/run_summary.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/clock.hpp"
#include "selfplay/run_directory.hpp"
#include "selfplay/run_kind.hpp"
#include "tools/curve.hpp"
#include "tools/fit_report.hpp"
#include "tools/rl_report.hpp"
#include "tools/text_table.hpp"

namespace tengen::tools {
namespace {

using selfplay::RunDirectory;
using selfplay::RunKind;

/// Metrics worth a curve, as they are stored and as people read them.
constexpr std::pair<const char*, const char*> kCurves[] = {
    {"loss", "loss"},
    {"policy_loss", "policy loss"},
    {"value_loss", "value loss"},
    {"ownership_loss", "ownership loss"},
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

std::vector<Curve> train_curves(const RunDirectory& run) {
  std::vector<Curve> curves;
  for (const auto& [metric, name] : kCurves) curves.push_back(metric_curve(run, metric, name));
  curves.push_back(rating_curve(run));
  std::erase_if(curves, [](const Curve& curve) { return curve.y.empty(); });
  return curves;
}

std::int64_t checkpoints_of(const RunDirectory& run) { return run.latest_checkpoint().value_or(0); }

std::int64_t steps_of(const RunDirectory& run) {
  const auto steps = run.metrics("steps");
  return steps.empty() ? 0 : static_cast<std::int64_t>(steps.back().value);
}

/// How a run is described, which depends on the command that made it.
struct View {
  std::vector<const char*> options;  // of the config: what is learned, and by what
  const char* progress;              // the option that ends the run
  std::int64_t (*done)(const RunDirectory&);
  const char *update, *axis;
  std::vector<Curve> (*curves)(const RunDirectory&);
};

View view_of(const RunDirectory& run) {
  switch (kind_of(run)) {
    case RunKind::fit:
      return {{"task", "net"}, "epochs", checkpoints_of, "steps", "epoch", fit_curves};
    case RunKind::rl:
      return {{"env", "algo", "body", "memory"},
              "steps",
              steps_of,
              "updates",
              "environment step",
              rl_curves};
    case RunKind::train:
      break;
  }
  return {{"game", "net"}, "iterations", checkpoints_of, "steps", "iteration", train_curves};
}

std::string progress_lines(const RunDirectory& run, const View& view) {
  auto config = run.config();  // of an older Tengen it may lack an option
  const auto checkpoints = run.checkpoints();
  TextTable table({"<", "<"});
  table.add({"run", run.path().string()});
  for (const char* option : view.options)
    if (const std::string& value = config[option]; !value.empty() && value != "none")
      table.add({option, value});
  table.add({view.progress, fmt::format("{} of {}", view.done(run), config[view.progress])});
  if (kind_of(run) == RunKind::train) {
    const selfplay::GameCounts counts = run.counts();
    table.add({"games", fmt::format("{} ({} positions)", counts.games, counts.positions)});
  }
  if (!checkpoints.empty())
    table.add({"training", fmt::format("{} {}", checkpoints.back().train_steps, view.update)});
  if (const double span = run.span_seconds(); span > 0)
    table.add({"span", format_duration(span) + " from the first checkpoint to the last"});
  return table.to_string();
}

std::string curve_lines(const RunDirectory& run, const View& view) {
  TextTable table({fmt::format("<over the {}s", view.axis), "first", "<", "last"});
  for (const Curve& curve : view.curves(run))
    table.add({curve.name, short_number(curve.y.front()), sparkline(curve.y),
               short_number(curve.y.back())});
  return table.empty() ? "" : fmt::format("\n{}", table.to_string());
}

std::string rating_lines(const RunDirectory& run) {
  const auto ratings = run.ratings();
  if (ratings.empty()) return "";
  TextTable table({"checkpoint", "Elo", "<95% interval"});
  const std::size_t hidden = ratings.size() - std::min(ratings.size(), kRatingsShown);
  for (std::size_t i = hidden; i < ratings.size(); ++i)
    table.add({std::to_string(ratings[i].checkpoint), fmt::format("{:+.0f}", ratings[i].elo),
               fmt::format("{:+.0f} to {:+.0f}", ratings[i].low, ratings[i].high)});
  return fmt::format("\n{}", table.to_string());
}

std::string place_lines(const RunDirectory& run) {
  TextTable table({"<", "<"});
  if (kind_of(run) == RunKind::train)
    table.add({"games", (run.path() / "replay").string() + "  (tengen run games, run export-sgf)"});
  const auto best = run.best_checkpoint(), latest = run.latest_checkpoint();
  if (best != latest) table.add({"best net", run.net_path(*best).string()});
  // Where nothing chooses, it counts as the best one, which nobody knows it to be.
  if (latest) table.add({"newest net", run.net_path(*latest).string()});
  return fmt::format("\n{}", table.to_string());
}

}  // namespace

std::string run_summary(const RunDirectory& run) {
  const View view = view_of(run);
  return progress_lines(run, view) + curve_lines(run, view) + rating_lines(run) + place_lines(run);
}

std::string run_svg(const RunDirectory& run) {
  const View view = view_of(run);
  return curves_svg(run.path().string(), view.axis, view.curves(run));
}

}  // namespace tengen::tools
