// The options of a game of Go, and their text form.
//
// Scoring is by area (stones and the empty points that reach only one colour), as in the
// Tromp-Taylor and Chinese rules; dead stones must be captured. Two passes in a row end the game.
#pragma once

#include <string>

namespace tengen {
class Spec;
}

namespace tengen::envs::go {

/// What may not be repeated.
enum class KoRule {
  kSimple,      // no immediate recapture of a single stone; longer cycles run into max_plies
  kPositional,  // no board position of the game may recur (Tromp-Taylor); passing is always allowed
  kSituational  // no board position may recur with the same player to move
};

/// What nets see of a position: features.hpp.
enum class Features { kZero, kLeela };

struct Rules {
  int width = 9, height = 9;
  int komi_halves = 15;  // twice the komi
  KoRule ko = KoRule::kPositional;
  /// Allows playing so that own stones are removed. A lone stone's suicide leaves the board as it
  /// was: superko rules forbid that (situational only if the situation occurred), simple ko does
  /// not.
  bool suicide = false;
  /// White gets one point for each handicap stone (Chinese compensation).
  bool handicap_bonus = false;
  int max_plies = 243;
  Features features = Features::kZero;

  double komi() const { return komi_halves / 2.0; }
  int area() const { return width * height; }

  /// Canonical description; rules_from_spec() reads it back.
  std::string spec() const;
};

/// Twice the default komi: 7.5 from 8x8 on; 8.5 on 7x7 and 3.5 on 6x6, just below what perfect play
/// is worth there (van der Werf 2009, Li 2015: 9 and 4); below that 0.5, which only breaks ties.
int default_komi_halves(int width, int height);

/// Games end at 3 plies a point, far beyond what sensible games need.
int default_max_plies(int width, int height);

/// Twice the komi; std::invalid_argument unless it is a multiple of 0.5 within +-1000.
int komi_to_halves(double komi);

/// Options size (or width and height), komi, ko, suicide, handicap_bonus, max_plies, features
/// (zero|leela).
Rules rules_from_spec(Spec& spec);

}  // namespace tengen::envs::go
