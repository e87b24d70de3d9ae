// Taxi-v3: fetch a passenger and drive to where the passenger wants to go, in a town of 5 x 5.
//
// Source: Dietterich, "Hierarchical Reinforcement Learning with the MAXQ Value Function
// Decomposition" (2000), section 2; as in Gymnasium: reward -1 a step, 20 for the right delivery,
// -10 for picking up or dropping where that cannot be done; 200 steps.
// State: ((row * 5 + column) * 5 + passenger) * 4 + destination, where the four places are 0 red,
// 1 green, 2 yellow, 3 blue, and passenger 4 is in the taxi.
#pragma once

#include "engine/base/spec.hpp"
#include "envs/rl/tabular/tabular.hpp"

namespace tengen::envs::rl {

/// Actions: south, north, east, west, pick up, drop. Option: mask (false): allow only the actions
/// that change the state, Gymnasium's action_mask.
TabularDynamics taxi_from_spec(Spec& spec);

}  // namespace tengen::envs::rl
