// Elo from results.
//
// A score s in (0, 1) against an opponent is an Elo difference of 400 log10(s / (1 - s)) (Elo
// 1978). The 95% interval of s is Wilson's (1927): with z = 1.96 and n games,
//   (s + z^2/2n -+ z sqrt(s (1 - s) / n + z^2 / 4n^2)) / (1 + z^2/n),
// where a draw is half a win; draws make the true variance smaller, so the interval is
// conservative, and unlike the normal approximation it is sensible at 0% and 100%.
//
// A chain of matches, each between a newcomer and a player rated before, adds their differences up,
// and its interval takes in the uncertainty of every link (Zou and Donner 2008, "MOVER"): with
// d_i the differences and [l_i, u_i] their own 95% intervals,
//   [sum d_i - sqrt(sum (d_i - l_i)^2), sum d_i + sqrt(sum (u_i - d_i)^2)].
// That assumes that the matches are independent, and that differences of Elo add up: that who beats
// whom by how much says how both fare against others.
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

/// Elo above the first player of a chain of matches. The first one itself has 0 and no uncertainty.
class ChainRating {
 public:
  double elo() const { return elo_; }
  Interval interval() const;  // 95%
  /// Of who played `tally` against the one with this rating. All finite: a score of 0 or 1 counts
  /// as half a draw less.
  ChainRating of_opponent(const Tally& tally) const;

 private:
  double elo_ = 0;
  double below_ = 0, above_ = 0;  // squares of the distances to the interval's ends
};

/// Wins-draws-losses: "62-5-33 of 100: 64.5% (54.8 to 73.2), Elo +104 (+33 to +175)".
std::string describe(const Tally& tally);

}  // namespace tengen::selfplay
