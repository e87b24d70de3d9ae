#include "tools/net_evaluators.hpp"

#include "engine/base/random.hpp"
#include "mcts/evaluators.hpp"
#include "selfplay/net_evaluator.hpp"

namespace tengen::tools {

mcts::EvaluatorFactory net_evaluators(std::shared_ptr<const nets::InferencePlan> plan,
                                      std::shared_ptr<const envs::Game> game, std::uint64_t seed,
                                      int cache_mb) {
  return [=, rng = Rng(seed)](int thread) -> std::unique_ptr<mcts::Evaluator> {
    auto net = std::make_unique<selfplay::NetEvaluator>(
        plan, *game, rng.split(static_cast<std::uint64_t>(thread)));
    if (cache_mb == 0) return net;
    return std::make_unique<mcts::CachingEvaluator>(std::move(net), std::size_t(cache_mb) << 20);
  };
}

}  // namespace tengen::tools
