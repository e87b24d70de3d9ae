// How long to think about a move when a clock runs: absolute time and Canadian byo-yomi, as GTP
// names them (time_settings, time_left). Japanese byo-yomi is the Canadian kind with one stone.
//
// The rule is plain on purpose. Main time is shared out evenly over the moves that are expected to
// remain; an overtime period is shared out over the stones it must cover. A move that is unsure may
// take up to half as much again of main time, less the emptier the clock is. A lag buffer is kept
// back from every clock reading, so that a slow connection or a busy machine does not lose on time:
// a second, or half of the reading if that is less.
// Thread safety: a plain value.
#pragma once

#include <array>
#include <optional>

namespace tengen::mcts {

/// The clock both players start with. Overtime counts only if both of its fields are positive.
struct TimeSettings {
  double main_seconds = 0;
  double overtime_seconds = 0;  // length of one overtime period
  int overtime_stones = 0;      // stones to play within one period
};

class TimeControl {
 public:
  /// Without settings there is no clock: budget() is nullopt.
  TimeControl() = default;
  explicit TimeControl(const TimeSettings& settings, double lag_seconds = kDefaultLag);

  static constexpr double kDefaultLag = 1;
  /// No budget is smaller; a search always does at least one simulation in it.
  static constexpr double kSmallestBudget = 0.01;

  bool has_clock() const { return settings_.has_value(); }
  void set_lag(double seconds) { lag_seconds_ = seconds; }

  /// A new game: both clocks are full again.
  void restart();
  /// The controller's word on a player's clock: `stones` 0 means main time. More stones than a
  /// period has are the periods left of Japanese byo-yomi: the present one is for one stone.
  void set_time_left(int player, double seconds, int stones);
  /// Books `seconds` of thought by `player` for one stone, for controllers that never send
  /// time_left.
  void spend(int player, double seconds);

  /// Seconds to think now, or nullopt without a clock. `moves_left` is how many more moves this
  /// player expects to make in the game, at least 1.
  std::optional<double> budget(int player, int moves_left) const;
  /// Seconds that an unsure move may take beyond that budget: half of the budget when main time is
  /// still full, less in proportion to what is gone, so that a long game does not end on an empty
  /// clock; 0 in overtime and without a clock.
  double extension(int player, int moves_left) const;

 private:
  struct Clock {
    double seconds = 0;
    int stones = 0;  // left in this overtime period; 0: main time
  };
  bool has_overtime() const;
  double without_lag(double reading) const;
  void spend_overtime(Clock& clock, double seconds) const;

  std::optional<TimeSettings> settings_;
  double lag_seconds_ = kDefaultLag;
  std::array<Clock, 2> clocks_{};
};

}  // namespace tengen::mcts
