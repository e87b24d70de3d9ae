// The policy of a run of `tengen rl` on a game, as a player: one look at the position, no search.
#pragma once

#include <memory>
#include <string>

#include "selfplay/player.hpp"

namespace tengen::selfplay {

/// From a player description "policy:RUN_DIRECTORY[,likeliest=0]": the run's newest checkpoint.
/// Moves are drawn from its probabilities, or with likeliest=1 the most likely. Throws Error if
/// there is none, or if it is of another game or has a memory or normalised observations.
std::unique_ptr<Player> make_policy_player(const std::string& description,
                                           std::shared_ptr<const envs::Game> game);

/// The game that the run in `path` learned; empty if its environment is none. Throws Error if it is
/// no run of tengen rl.
std::string game_of_policy(const std::string& path);

}  // namespace tengen::selfplay
