// Matches between two players: alternating colours, several games at once, score and Elo.
//
// Games 2k and 2k+1 form a pair: the same opening with colours swapped. An opening is
// `opening_plies` uniformly random legal moves that do not end the game (0: the initial position;
// then variety must come from the players). The game's own rules referee and score; for Go that is
// area scoring with every stone alive (Tromp-Taylor), whatever an outside program thinks.
//
// A player that throws Error (an outside program that dies, hangs or refuses a command) loses that
// game and is made anew for the next; if it fails there too, the match ends with its Error.
//
// A match that is stopped abandons the games in progress and keeps those that are over.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "selfplay/player.hpp"
#include "selfplay/rating.hpp"

namespace tengen::selfplay {

struct MatchConfig {
  std::shared_ptr<const envs::Game> game;
  int games = 100;
  int threads = 1;  // games at once; each thread has its own two players
  std::uint64_t seed = 1;
  int opening_plies = 0;
};

struct MatchGame {
  int index = 0;
  bool a_moves_first = true;
  float result_a = 0;  // 1 win, 0 draw, -1 loss of player a
  std::vector<envs::Action> actions;
  std::string reason;  // "end of game", "b resigned", "a played an illegal move", "a failed: ..."
};

struct MatchResult {
  std::string name_a, name_b;
  Tally tally;                   // of player a
  std::vector<MatchGame> games;  // by index; fewer than asked for if it was stopped
};

/// Makes one of the two players for a thread, seeded differently for each.
using PlayerFactory = std::function<std::unique_ptr<Player>(std::uint64_t seed)>;
/// Called after each game, from one thread at a time, with names, tally and games (in the order of
/// their ends) so far.
using MatchObserver = std::function<void(const MatchGame& game, const MatchResult& so_far)>;

/// Throws std::invalid_argument for a bad config, and what the factories and players throw but for
/// the Errors above. `stop` (may be null; any thread may set it) is heeded between moves; players
/// that think for long should heed it themselves (make_player), what they throw then is ignored.
MatchResult play_match(const MatchConfig& config, const PlayerFactory& make_a,
                       const PlayerFactory& make_b, const MatchObserver& observer = {},
                       const std::atomic<bool>* stop = nullptr);

}  // namespace tengen::selfplay
