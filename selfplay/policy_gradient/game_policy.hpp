// What a policy gradient net plays in a game, move by move: for players and for how much a perfect
// opponent wins against it (exploitability.hpp).
#pragma once

#include "selfplay/exploitability.hpp"
#include "selfplay/policy_gradient/actor_critic.hpp"

namespace tengen::selfplay {

/// The probabilities with which `net`, made for the game and without a memory, plays. It must
/// outlive the result, and have been prepare()d.
PolicyFunction policy_of(ActorCritic& net, const envs::Game& game);

/// All probability on the most likely of the actions of `policy`, the first of equals.
PolicyFunction most_likely(PolicyFunction policy);

}  // namespace tengen::selfplay
