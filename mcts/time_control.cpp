#include "mcts/time_control.hpp"

#include <algorithm>

#include "engine/base/error.hpp"

namespace tengen::mcts {

TimeControl::TimeControl(const TimeSettings& settings, double lag_seconds)
    : settings_(settings), lag_seconds_(lag_seconds) {
  if (settings.main_seconds < 0 || settings.overtime_seconds < 0 || settings.overtime_stones < 0)
    bad_argument("time_control", "expected times and stones of at least 0, got {} s, {} s, {}",
                 settings.main_seconds, settings.overtime_seconds, settings.overtime_stones);
  if (settings.overtime_seconds > 0 && settings.overtime_stones == 0)
    settings_.reset();  // GTP: an overtime of no stones means no limit at all
  restart();
}

bool TimeControl::has_overtime() const {
  return settings_ && settings_->overtime_seconds > 0 && settings_->overtime_stones > 0;
}

void TimeControl::restart() {
  if (!settings_) return;
  Clock full{settings_->main_seconds, 0};
  if (full.seconds <= 0 && has_overtime())
    full = {settings_->overtime_seconds, settings_->overtime_stones};
  clocks_.fill(full);
}

void TimeControl::set_time_left(int player, double seconds, int stones) {
  if (has_overtime()) stones = std::min(stones, settings_->overtime_stones);
  clocks_.at(static_cast<std::size_t>(player)) = {std::max(seconds, 0.0), std::max(stones, 0)};
}

void TimeControl::spend(int player, double seconds) {
  if (!settings_) return;
  Clock& clock = clocks_.at(static_cast<std::size_t>(player));
  if (clock.stones > 0) return spend_overtime(clock, seconds);
  clock.seconds -= seconds;
  if (clock.seconds > 0) return;
  const double overrun = -clock.seconds;
  clock.seconds = 0;
  if (!has_overtime()) return;
  clock = {settings_->overtime_seconds, settings_->overtime_stones};
  spend_overtime(clock, overrun);
}

void TimeControl::spend_overtime(Clock& clock, double seconds) const {
  clock.seconds = std::max(clock.seconds - seconds, 0.0);
  if (--clock.stones == 0 && has_overtime())
    clock = {settings_->overtime_seconds, settings_->overtime_stones};
}

double TimeControl::without_lag(double reading) const {
  return reading - std::min(lag_seconds_, reading / 2);
}

std::optional<double> TimeControl::budget(int player, int moves_left) const {
  if (!settings_) return std::nullopt;
  const Clock& clock = clocks_.at(static_cast<std::size_t>(player));
  double seconds = 0;
  if (clock.stones > 0) {
    seconds = without_lag(clock.seconds) / clock.stones;
  } else {
    seconds = without_lag(clock.seconds) / std::max(moves_left, 1);
    // Overtime waits behind main time, so a move may always take what one overtime stone may.
    if (has_overtime()) {
      const double per_stone =
          without_lag(settings_->overtime_seconds) / settings_->overtime_stones;
      seconds = std::max(seconds, per_stone);
    }
  }
  return std::max(seconds, kSmallestBudget);
}

double TimeControl::extension(int player, int moves_left) const {
  const std::optional<double> budget = this->budget(player, moves_left);
  const Clock& clock = clocks_.at(static_cast<std::size_t>(player));
  if (!budget || clock.stones > 0) return 0;
  const double main = settings_->main_seconds;
  const double full = clock.seconds < main ? clock.seconds / main : 1;
  return std::clamp(without_lag(clock.seconds) - *budget, 0.0, full * *budget / 2);
}

}  // namespace tengen::mcts
