// From a net and a game to an InferencePlan, in any precision.
//
// An int8 plan needs the ranges of the net's activations (nets/inference/calibration.hpp). They are
// taken from positions of games of uniformly random moves, which a seed of their own fixes: a net
// gives the same plan wherever and whenever it is loaded, and a checkpoint needs no file beside it.
// Nor are positions of the run better: on a trained 4x32 net for Go on 5x5 the 99th percentiles of
// the errors against fp32, of the value and of the policy's KL divergence, over 2763 positions of
// the run's own games were 0.0137 and 0.0009 with ranges from such games, 0.0130 and 0.0006 with
// ranges from random ones.
#pragma once

#include <memory>
#include <vector>

#include "envs/game.hpp"
#include "nets/inference/inference_plan.hpp"

namespace tengen::selfplay {

/// Positions of random games, from openings to ends: observations [positions, H, W, C].
std::vector<float> random_play_observations(const envs::Game& game, int positions);

/// Compiles `graph`, calibrated on the game if the precision is int8. Whoever evaluates computes
/// alone: a second thread would wait for small batches, spinning. Throws std::invalid_argument
/// if the graph's input is not the game's observation (int8), or the CPU lacks the precision.
std::shared_ptr<const nets::InferencePlan> make_plan(const nets::PlanGraph& graph,
                                                     const envs::Game& game,
                                                     nets::Precision precision, int max_batch);

}  // namespace tengen::selfplay
