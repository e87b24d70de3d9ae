// What benches work on: nets given by description or by file, and positions of random games.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/random.hpp"
#include "envs/game.hpp"
#include "mcts/evaluator.hpp"
#include "nets/inference/inference_plan.hpp"
#include "nets/policy_value_net.hpp"
#include "tools/bench/sampling.hpp"

namespace tengen::tools {

/// `net` is an architecture ("resnet:blocks=6,channels=96"), whose random weights are as fast as
/// any others, or a net file or run directory. Throws Error or std::invalid_argument if there is no
/// such net or it does not fit the game.
std::unique_ptr<nets::PolicyValueNet> net_for(const std::string& net, const envs::Game& game);

/// From "fp32", "bf16", ..., "auto". Throws std::invalid_argument if it is unknown or this CPU
/// cannot compute it.
nets::Precision supported_precision(const std::string& text);

/// `count` non-terminal positions of uniformly random games, at random plies.
std::vector<std::unique_ptr<envs::State>> random_positions(const envs::Game& game, int count,
                                                           Rng rng);

/// Work of one stream: evaluations of random positions in batches, from State to priors and value,
/// features written, under random symmetries as in self-play; nothing is cached. Counts positions.
Work evaluation_work(const std::shared_ptr<const envs::Game>& game,
                     const std::shared_ptr<const nets::InferencePlan>& plan, int batch, int stream);

/// Positions/s of `threads` such streams.
Contender evaluation_streams(const std::shared_ptr<const envs::Game>& game,
                             const std::shared_ptr<const nets::InferencePlan>& plan, int batch,
                             int threads);

}  // namespace tengen::tools
