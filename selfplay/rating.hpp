// Elo from results.
//
// A score s in (0, 1) against an opponent is an Elo difference of 400 log10(s / (1 - s)) (Elo
// 1978). The 95% interval of s is Wilson's (1927): with z = 1.96 and n games,
//   (s + z^2/2n -+ z sqrt(s (1 - s) / n + z^2 / 4n^2)) / (1 + z^2/n),
// where a draw is half a win; draws make the true variance smaller, so the interval is
// conservative, and unlike the normal approximation it is sensible at 0% and 100%.
#pragma once

#include <string>

namespace tengen::selfplay {

/// Results from one side's point of view.
struct Tally {
  int wins = 0, draws = 0, losses = 0;
  int games() const { return wins + draws + losses; }
  /// Share of the points, 0.5 without games.
  double score() const { return games() ? (wins + 0.5 * draws) / games() : 0.5; }
  /// Adds a result: 1 win, 0 draw, -1 loss.
  void add(float result);
};

struct Interval {
  double low = 0, high = 0;
};

/// +-infinity at 1 and 0.
double elo_difference(double score);
/// Score expected at an Elo difference: 1 / (1 + 10^(-elo / 400)).
double expected_score(double elo);
/// [0, 1] without games.
Interval wilson_interval(double score, int games, double z = 1.959964);

struct EloEstimate {
  double score = 0.5;
  Interval score_interval;  // 95%
  double elo = 0;
  Interval elo_interval;  // 95%
};
EloEstimate estimate_elo(const Tally& tally);

/// Wins-draws-losses: "62-5-33 of 100: 64.5% (54.8 to 73.2), Elo +104 (+33 to +175)".
std::string describe(const Tally& tally);

}  // namespace tengen::selfplay
