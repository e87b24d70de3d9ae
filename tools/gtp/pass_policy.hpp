// When to pass at the end of a game of Go, beside what the search says. Two passes end the game as
// Tengen's rules score it; people and servers may then dispute dead stones. So:
//
//   - A pass is answered by a pass if that wins the game as it will be scored.
//   - With friendly passes (SessionConfig::friendly_pass) it is also answered if the game is won
//     once the dead stones are taken off: both sides will agree on them.
//   - No pass that the opponent's pass would turn into a loss, while the search sees a better move:
//     it captures the dead stones first.
#pragma once

#include <vector>

#include "envs/go/go_state.hpp"
#include "mcts/search.hpp"

namespace tengen::gtp {

/// Before the search: whether the side to move passes without looking further.
bool passes_at_once(const envs::go::GoState& state, bool friendly);

/// After the search of `state` has chosen `action`: that, or a better move than a pass that loses.
envs::Action safe_action(const envs::go::GoState& state, const mcts::SearchResult& search,
                         envs::Action action, bool friendly);

/// The liberties of the opponent's dead stones, as actions that are legal for the side to move:
/// where it captures them. Empty if there is nothing to capture.
std::vector<envs::Action> cleanup_moves(const envs::go::GoState& state);

}  // namespace tengen::gtp
