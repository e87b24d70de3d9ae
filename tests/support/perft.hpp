// Counting move sequences, which have published numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "envs/game.hpp"

namespace tengen::test {

/// Action sequences of `depth` plies; shorter finished games do not count.
inline std::uint64_t perft(envs::State& state, int depth) {
  if (depth == 0) return 1;
  std::vector<envs::Action> actions;
  state.legal_actions(actions);
  std::uint64_t leaves = 0;
  for (const envs::Action action : actions) {
    state.apply(action);
    leaves += perft(state, depth - 1);
    state.undo();
  }
  return leaves;
}

}  // namespace tengen::test
