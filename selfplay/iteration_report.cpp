#include "selfplay/iteration_report.hpp"

#include <spdlog/fmt/fmt.h>

#include "engine/base/clock.hpp"

namespace tengen::selfplay {

namespace {

/// A call that goes on after self-play has no speed of it to tell.
bool played_games(const IterationReport& r) { return r.self_play_seconds > 0; }

/// A cross entropy is never 0 but where there was nothing to learn.
bool has_ownership(const IterationReport& r) { return r.losses.ownership > 0; }

}  // namespace

std::string summary_line(const IterationReport& r) {
  const std::string ownership =
      has_ownership(r) ? fmt::format(" ownership {:.3f}", r.losses.ownership) : "";
  std::string line = fmt::format(
      "iteration {}/{}  loss {:.3f} (policy {:.3f} value {:.3f}{})  {} games", r.iteration,
      r.iterations, r.losses.total, r.losses.policy, r.losses.value, ownership, r.games);
  if (played_games(r))
    line += fmt::format("  {:.1f} games/s  {:.0f} positions/s", r.games_per_second,
                        r.positions_per_second);
  line += fmt::format("  {:.1f} plies/game  first player {:.0f}%", r.mean_plies,
                      100 * r.first_player_score);
  if (r.resigned > 0)
    line += fmt::format("  {} resigned below {:.2f} ({:.1f}% wrong)", r.resigned,
                        r.resign_threshold, 100 * r.resign_false_positives);
  if (r.match)
    line += fmt::format("  {:.0f}% against {}{}", 100 * r.match->score(), r.reference,
                        r.promoted ? "" : " (rejected)");
  if (r.elo) line += fmt::format("  Elo {:+.0f}", *r.elo);
  return line + "  " + format_duration(r.elapsed_seconds);
}

std::vector<std::pair<std::string, double>> metrics_of(const IterationReport& r) {
  std::vector<std::pair<std::string, double>> metrics = {
      {"games", r.games},
      {"positions", static_cast<double>(r.positions)},
      {"mean_plies", r.mean_plies},
      {"first_player_score", r.first_player_score},
      {"resigned", r.resigned},
      {"resign_threshold", r.resign_threshold},
      {"resign_false_positives", r.resign_false_positives},
      {"self_play_seconds", r.self_play_seconds},
      {"train_seconds", r.train_seconds},
      {"evaluation_seconds", r.evaluation_seconds},
      {"window", static_cast<double>(r.window)},
      {"train_steps", r.train_steps},
      {"loss", r.losses.total},
      {"policy_loss", r.losses.policy},
      {"value_loss", r.losses.value},
      {"policy_entropy", r.losses.entropy},
      {"gradient_norm", r.losses.gradient_norm},
      {"learning_rate", r.losses.learning_rate},
  };
  if (has_ownership(r)) metrics.emplace_back("ownership_loss", r.losses.ownership);
  if (played_games(r)) {
    metrics.emplace_back("games_per_second", r.games_per_second);
    metrics.emplace_back("positions_per_second", r.positions_per_second);
    metrics.emplace_back("evaluations_per_second", r.evaluations_per_second);
  }
  if (r.match) metrics.emplace_back("match_score", r.match->score());
  if (r.elo) metrics.emplace_back("elo", *r.elo);
  return metrics;
}

}  // namespace tengen::selfplay
