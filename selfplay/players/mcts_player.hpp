// Pure MCTS: the same search with random rollouts instead of a net.
#pragma once

#include "selfplay/players/search_player.hpp"

namespace tengen::selfplay {

/// From a player description "mcts[:sims=1000,rollouts=1,c=1.25,solver=0,temp_plies=0,temp=0.5]";
/// `seed` is for the rollouts; `stop` as in make_player.
std::unique_ptr<Player> make_mcts_player(const std::string& description,
                                         std::shared_ptr<const envs::Game> game, std::uint64_t seed,
                                         const std::atomic<bool>* stop);

}  // namespace tengen::selfplay
