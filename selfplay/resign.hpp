// When self-play resigns, and how it is known that this does no harm (AlphaGo Zero, Silver et al.
// 2017, Methods, "self-play": resignation is disabled in 10% of the games to measure the fraction
// of false positives, games that could have been won, which is kept below 5%).
//
// Every game that was played on gives the lowest root value of each player. A threshold counts the
// games in which some value fell below it, and as wrong those in which that of a player who did not
// lose did: the share of wrong ones is its false-positive rate. The threshold in force is the
// highest one allowed whose rate stays within the target over the last games measured. Until enough
// games are measured nobody resigns.
#pragma once

#include <deque>
#include <string>

#include "selfplay/game_record.hpp"

namespace tengen::selfplay {

struct ResignConfig {
  bool enabled = true;
  double max_threshold = -0.85;          // never resign above this value
  double played_on_fraction = 0.1;       // games in which nobody resigns, to measure
  double target_false_positives = 0.05;  // of the measured games with a resignation
  int min_measured = 50;                 // games with a would-be resignation before anyone resigns
  int window = 1000;                     // played-on games remembered
};

class ResignPolicy {
 public:
  explicit ResignPolicy(const ResignConfig& config);

  /// Root value below which the side to move resigns; below -1: nobody does.
  double threshold() const { return threshold_; }
  bool active() const { return threshold_ >= -1.0; }
  /// Share of the remembered games' would-be resignations that were wrong, at `threshold`; 0 if
  /// there were none.
  double false_positive_rate(double threshold) const;
  double false_positive_rate() const { return false_positive_rate(threshold_); }

  /// Adds a game that was played on (others are ignored), in any order within an iteration.
  void measure(const GameRecord& record);
  /// Chooses the threshold anew from what was measured.
  void adapt();

  /// One line of text that restore() takes back: for state.json.
  std::string save() const;
  /// Throws Error if the text is not one of save()'s.
  void restore(const std::string& text);

 private:
  /// Lowest root values of a played-on game: of the loser, and of the winner; in a draw `other` is
  /// the lower of both and nobody lost.
  struct Measured {
    float loser = 1, other = 1;
  };
  struct Counts {
    int wrong = 0, total = 0;
  };
  Counts count(double threshold) const;

  const ResignConfig config_;
  std::deque<Measured> measured_;
  double threshold_ = -2.0;
};

}  // namespace tengen::selfplay
