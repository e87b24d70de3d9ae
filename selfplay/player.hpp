// Whoever can choose a move: search players, random ones, outside programs. `tengen match` sets two
// of them against each other; `tengen gtp` plays for one.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/random.hpp"
#include "envs/game.hpp"

namespace tengen::selfplay {

class Player {
 public:
  virtual ~Player() = default;
  virtual std::string name() const = 0;
  /// Before each game, with the position it starts from.
  virtual void new_game(const envs::State& start) = 0;
  /// After every action of either side, this player's own included.
  virtual void observe(envs::Action action) = 0;
  /// Its move in `state`, the position after all observed actions; nullopt resigns.
  virtual std::optional<envs::Action> select_action(const envs::State& state, Rng& rng) = 0;
};

/// Makes a player from a description:
///   "random"
///   "mcts:sims=1000,rollouts=1,c=1.25"            pure MCTS with random rollouts (mcts_player.hpp)
///   "net:FILE_OR_RUN_DIR,sims=100,precision=auto"  net with PUCT: path first (net_player.hpp)
///   "policy:RUN_DIR,likeliest=0"                   a policy of tengen rl (policy_player.hpp)
///   "gtp:COMMAND LINE"                             an outside GTP program, Go only
///   (gtp_player.hpp)
/// Different seeds make players that differ in what is random about them.
/// `stop` (may be null; any thread may set it): once it is true, a search ends early with the best
/// it has, and an outside program is no longer waited for (Error).
/// Errors: std::invalid_argument for a wrong description, Error for files and programs.
std::unique_ptr<Player> make_player(const std::string& description,
                                    std::shared_ptr<const envs::Game> game, std::uint64_t seed,
                                    const std::atomic<bool>* stop = nullptr);

}  // namespace tengen::selfplay
