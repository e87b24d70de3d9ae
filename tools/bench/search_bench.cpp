#include "tools/bench/search_bench.hpp"

#include <memory>
#include <optional>

#include "engine/base/error.hpp"
#include "engine/base/progress.hpp"
#include "engine/base/threads.hpp"
#include "envs/registry.hpp"
#include "mcts/bench.hpp"
#include "mcts/parallel_search.hpp"
#include "selfplay/net_plan.hpp"
#include "tools/bench/convolution_ceiling.hpp"
#include "tools/bench/fixtures.hpp"
#include "tools/net_evaluators.hpp"

namespace tengen::tools {
namespace {

BenchRow search_row(const std::string& game, mcts::BenchEvaluator evaluator,
                    const SearchBenchConfig& config) {
  // One call measures a search and its ceiling.
  const auto sample = [&] { return mcts::bench_speed(game, evaluator, config.simulations, 1); };
  const double tree_bytes_per_playout = sample().bytes_per_playout;  // and warm-up
  std::vector<double> rates, ceilings;
  for (int i = 0; i < config.plan.repeats; ++i) {
    const mcts::SearchSpeed speed = sample();
    rates.push_back(speed.playouts_per_second);
    ceilings.push_back(speed.traffic_per_second);
  }
  return {{{"game", game}, {"evaluator", mcts::to_string(evaluator)}},
          to_measurement(rates, "the tree's memory accesses alone", ceilings),
          {{"bytes_per_playout", tree_bytes_per_playout}}};
}

}  // namespace

BenchReport bench_signature(const SignatureBenchConfig& config) {
  std::optional<mcts::SearchBench> first;
  const Contender run = [&](double) {
    const mcts::SearchBench bench =
        config.simulations > 0 ? mcts::bench_search(config.simulations) : mcts::bench_search();
    if (first && first->signature != bench.signature)
      throw Error("bench search: two runs disagree: the search is not reproducible");
    first = bench;
    return static_cast<double>(bench.playouts) / bench.seconds;
  };
  const std::vector<double> rates = sample_in_turn({run}, config.plan).front();
  BenchReport report{"search",
                     "search: signature (hash evaluator, fixed positions, one thread)",
                     "playouts_per_second",
                     {}};
  report.rows.push_back({{{"signature", fmt::format("{:016x}", first->signature)},
                          {"playouts", static_cast<std::int64_t>(first->playouts)}},
                         to_measurement(rates, "", {}),
                         {}});
  return report;
}

BenchReport bench_search(const SearchBenchConfig& config) {
  if (config.games.empty()) bad_argument("bench search", "expected at least one game");
  Progress progress("bench search", "rows", 2 * config.games.size());
  BenchReport report{"search_alone",
                     "search alone: one thread, from the initial position",
                     "playouts_per_second",
                     {}};
  for (const std::string& game : config.games)
    for (const auto evaluator : {mcts::BenchEvaluator::hash, mcts::BenchEvaluator::rollout}) {
      report.rows.push_back(search_row(game, evaluator, config));
      progress.advance();
    }
  return report;
}

Contender tree_visits(const std::shared_ptr<const envs::Game>& game,
                      const std::shared_ptr<const nets::InferencePlan>& plan,
                      const TreeBenchConfig& config) {
  const mcts::ParallelConfig parallel{
      .threads = config.threads, .leaves_per_batch = config.batch, .stop_when_decided = false};
  return [=, cache_mb = config.cache_mb, rng = Rng(1)](double seconds) mutable {
    mcts::ParallelSearch search(game, {}, parallel, net_evaluators(plan, game, 1, cache_mb));
    search.reset(*game->new_initial_state());
    const mcts::SearchResult result = search.run({.time_seconds = seconds}, rng);
    return result.simulations / result.seconds;
  };
}

BenchReport bench_tree(const TreeBenchConfig& given) {
  TreeBenchConfig config = given;
  config.threads = threads_or_default(config.threads);
  const auto game = envs::make_game(config.game);
  const nets::PlanGraph graph = net_for(config.net, *game)->graph();
  const nets::Precision precision = supported_precision(config.precision);
  const auto plan = selfplay::make_plan(graph, *game, precision, config.batch);
  Progress progress("bench search", "rows", 1);
  BenchReport report{
      "search_tree", "search: one tree with a net, as tengen gtp plays", "visits_per_second", {}};
  report.rows.push_back({{{"game", config.game},
                          {"net", config.net},
                          {"precision", nets::to_string(precision)},
                          {"threads", config.threads},
                          {"batch", config.batch},
                          {"seconds", config.plan.seconds}},
                         measure(tree_visits(game, plan, config),
                                 convolution_ceiling(graph, precision, ConvolutionPass::inference,
                                                     config.batch, config.threads),
                                 config.plan),
                         {}});
  progress.advance();
  return report;
}

}  // namespace tengen::tools
