// Evaluators for a search of several threads with one net, as `tengen gtp` plays.
#pragma once

#include <cstdint>
#include <memory>

#include "mcts/evaluator.hpp"
#include "nets/inference/inference_plan.hpp"

namespace tengen::tools {

/// Net evaluators that share a plan, each under its own random symmetries and with a cache of
/// `cache_mb` MiB (0: none).
mcts::EvaluatorFactory net_evaluators(std::shared_ptr<const nets::InferencePlan> plan,
                                      std::shared_ptr<const envs::Game> game, std::uint64_t seed,
                                      int cache_mb);

}  // namespace tengen::tools
