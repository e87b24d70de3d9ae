// Walks on a grid of cells, as tabular models: state = row * columns + column.
//
// FrozenLake-v1, FrozenLake8x8-v1: Gymnasium's maps; S start, F ice, H hole, G goal. Reward 1 at
//   the goal; holes and goal end the episode. On slippery ice a move goes to either side of where
//   it was meant to as often as there. Actions left, down, right, up; 100 and 200 steps.
// CliffWalking-v1: Sutton and Barto, "Reinforcement Learning" (2018), example 6.6: 4 x 12 cells,
//   -1 a step, -100 for the cliff along the bottom, from which one starts again; the episode ends
//   in the other corner. Actions up, right, down, left; no time limit, as in Gymnasium.
// FourRooms-v0: Sutton, Precup and Singh, "Between MDPs and semi-MDPs" (1999), section 3: 104 cells
//   in four rooms joined by four hallways. A move goes where it was meant to with probability 2/3
//   and each other way with 1/9; walls stop it. Reward 1 at the goal, the east hallway (the paper's
//   G1) or a cell of the room beside it (G2), where the episode ends. The start is any other cell.
//   States number the 104 cells in reading order; actions up, right, down, left; 500 steps (ours).
#pragma once

#include "engine/base/spec.hpp"
#include "envs/rl/tabular/tabular.hpp"

namespace tengen::envs::rl {

/// Options: map_name=4x4|8x8 (4x4), is_slippery (true).
TabularDynamics frozen_lake_from_spec(Spec& spec);
/// Options: is_slippery (true).
TabularDynamics frozen_lake_8x8_from_spec(Spec& spec);
/// Options: is_slippery (false): sidewards as often as ahead, as on FrozenLake's ice.
TabularDynamics cliff_walking_from_spec(Spec& spec);
/// Options: goal=hallway|room (hallway).
TabularDynamics four_rooms_from_spec(Spec& spec);

}  // namespace tengen::envs::rl
