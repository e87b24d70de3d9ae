// The options of a game of Go, and their text form.
//
// By area (Tromp-Taylor, Chinese: scoring.hpp) dead stones must be captured. By territory
// (Japanese) they are judged when the game is over, by random games of their own (life.hpp): the
// same position always gets the same judgement. Two passes in a row end the game.
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

enum class Scoring { kArea, kTerritory };

/// Which empty points do not count for the group that surrounds them: scoring.hpp.
enum class Tax {
  kNone,
  kSeki,  // those of groups in seki
  kAll    // those too, and two points of every other group, as its eyes must stay open
};

/// Points that White gets for Black's handicap stones.
enum class HandicapBonus {
  kNone,
  kStones,        // one for each (Chinese)
  kStonesLessOne  // one for each but the first (AGA)
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
  HandicapBonus handicap_bonus = HandicapBonus::kNone;
  int max_plies = 243;
  Scoring scoring = Scoring::kArea;
  Tax tax = Tax::kNone;
  /// The first to pass takes half a point; that pass does not count towards the end of the game.
  /// (It makes area scoring as fine as territory scoring.)
  bool button = false;
  Features features = Features::kZero;

  double komi() const { return komi_halves / 2.0; }
  int area() const { return width * height; }

  /// Canonical description; rules_from_spec() reads it back.
  std::string spec() const;
};

/// Twice the default komi: 7.5 from 8x8 on; 8.5 on 7x7 and 3.5 on 6x6, just below what perfect play
/// is worth there (van der Werf 2009, Li 2015: 9 and 4); below that 0.5, which only breaks ties.
int default_komi_halves(int width, int height);

/// What the scoring comes with where nobody says otherwise: none by area, seki by territory.
Tax usual_tax(Scoring scoring);

/// Games end at 3 plies a point, far beyond what sensible games need.
int default_max_plies(int width, int height);

/// Twice the komi; std::invalid_argument unless it is a multiple of 0.5 within +-1000.
int komi_to_halves(double komi);

/// Options size (or width and height), komi, ko, suicide, handicap_bonus (false|true|n-1),
/// max_plies, scoring (area|territory), tax (none|seki|all), button, features (zero|leela).
Rules rules_from_spec(Spec& spec);

}  // namespace tengen::envs::go
