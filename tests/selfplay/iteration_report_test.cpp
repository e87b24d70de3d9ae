#include "selfplay/iteration_report.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace tengen::selfplay;
using Catch::Matchers::Contains;

namespace {

bool has_metric(const IterationReport& report, const std::string& name) {
  const auto metrics = metrics_of(report);
  return std::ranges::any_of(metrics, [&](const auto& metric) { return metric.first == name; });
}

}  // namespace

TEST_CASE("An iteration that goes on after self-play tells no speed of it", "[selfplay][train]") {
  IterationReport report;
  report.iteration = 3;
  report.iterations = 9;
  report.games = 256;
  CHECK_THAT(summary_line(report), Contains("256 games") && !Contains("games/s"));
  for (const char* name : {"games_per_second", "positions_per_second", "evaluations_per_second"})
    CHECK_FALSE(has_metric(report, name));
  report.self_play_seconds = 10;
  report.games_per_second = 25.6;
  CHECK_THAT(summary_line(report), Contains("256 games  25.6 games/s"));
  CHECK(has_metric(report, "games_per_second"));
}

TEST_CASE("The loss of ownership is told where it was learned", "[selfplay][train]") {
  IterationReport report;
  CHECK_THAT(summary_line(report), !Contains("ownership"));
  CHECK_FALSE(has_metric(report, "ownership_loss"));
  report.losses.ownership = 0.25;
  CHECK_THAT(summary_line(report), Contains("value 0.000 ownership 0.250)"));
  CHECK(has_metric(report, "ownership_loss"));
}
