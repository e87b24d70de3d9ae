// How far games are that are played side by side: by their plies. Such games end at about the same
// time, so that for long their number says nothing.
//
// A game that has ended counts with its plies, any other with the mean of games like it. As long as
// there are none to go by, no game has more than the game's own limit; those that end first are the
// short ones, so that the mean is then taken as all plies over the games that have ended (the
// likeliest mean of lengths without memory, of which some are seen to their end only in part).
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/progress.hpp"

namespace tengen::selfplay {

struct GamesSoFar {
  std::uint64_t ended = 0;
  std::uint64_t ended_plies = 0;  // of those
  std::uint64_t plies = 0;        // of all, those that go on as well
};

class PlyEstimate {
 public:
  /// `mean_plies`: of earlier games like these `games`; 0: there are none.
  PlyEstimate(std::uint64_t games, double mean_plies, int max_plies);

  WorkDone work_done(const GamesSoFar& so_far) const;
  /// "5210/~21000 moves"; "5210/62208 moves" where that is the bound.
  std::string text(const GamesSoFar& so_far) const;

 private:
  bool is_bound(const GamesSoFar& so_far) const { return mean_plies_ == 0 && so_far.ended == 0; }
  double mean(const GamesSoFar& so_far) const;
  /// Of all games when the last has ended.
  double total(const GamesSoFar& so_far) const;

  std::uint64_t games_;
  double mean_plies_;
  int max_plies_;
};

}  // namespace tengen::selfplay
