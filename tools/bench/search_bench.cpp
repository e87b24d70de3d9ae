#include "tools/bench/search_bench.hpp"

#include <cstring>
#include <memory>
#include <optional>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/progress.hpp"
#include "envs/registry.hpp"
#include "mcts/bench.hpp"
#include "mcts/evaluators.hpp"
#include "mcts/parallel_search.hpp"
#include "tools/bench/convolution_ceiling.hpp"
#include "tools/bench/fixtures.hpp"
#include "tools/machine.hpp"
#include "tools/net_evaluators.hpp"

namespace tengen::tools {
namespace {

/// Searches from the initial position, one after the other, each `simulations` long or until the
/// game is solved. Counts playouts.
class Searches {
 public:
  Searches(const std::string& game, int simulations, std::unique_ptr<mcts::Evaluator> evaluator)
      : game_(envs::make_game(game)),
        root_(game_->new_initial_state()),
        simulations_(simulations),
        evaluator_(std::move(evaluator)),
        search_(game_, mcts::SearchConfig{}) {}

  double search_once() {
    search_.reset(*root_);
    return search_.run(*evaluator_, {.simulations = simulations_}, rng_).simulations;
  }
  std::size_t tree_bytes() const { return search_.tree_bytes(); }

 private:
  const std::shared_ptr<const envs::Game> game_;
  const std::unique_ptr<envs::State> root_;
  const int simulations_;
  const std::unique_ptr<mcts::Evaluator> evaluator_;
  mcts::Search search_;
  Rng rng_{1};
};

Contender one_stream(const std::shared_ptr<Searches>& searches) {
  return run_streams(1, [searches](int) { return [searches] { return searches->search_once(); }; });
}

/// Copies a tree's memory once for as many playouts as made it.
Ceiling copy_ceiling(Searches& searches) {
  const double playouts = searches.search_once();
  const std::size_t bytes = searches.tree_bytes();
  return {"copying the tree's memory once", run_streams(1, [=](int) -> Work {
            const auto from = std::make_shared<std::vector<std::byte>>(bytes);
            const auto to = std::make_shared<std::vector<std::byte>>(bytes);
            return [=] {
              std::memcpy(to->data(), from->data(), bytes);
              return playouts;
            };
          })};
}

BenchRow search_row(const std::string& game, const char* name,
                    const std::shared_ptr<Searches>& searches,
                    const std::optional<Ceiling>& ceiling, const SamplePlan& plan) {
  return {{{"game", game}, {"evaluator", name}},
          measure(one_stream(searches), ceiling, plan),
          {{"tree_mib", static_cast<double>(searches->tree_bytes()) / (1 << 20)}}};
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
  for (const std::string& game : config.games) {
    const auto hash = std::make_shared<Searches>(game, config.simulations,
                                                 std::make_unique<mcts::HashEvaluator>());
    report.rows.push_back(search_row(game, "hash", hash, copy_ceiling(*hash), config.plan));
    progress.advance();
    const auto rollouts = std::make_shared<Searches>(
        game, config.simulations, std::make_unique<mcts::RolloutEvaluator>(Rng(2)));
    report.rows.push_back(search_row(game, "rollout", rollouts, std::nullopt, config.plan));
    progress.advance();
  }
  return report;
}

BenchReport bench_tree(const TreeBenchConfig& config) {
  const auto game = envs::make_game(config.game);
  const int threads = config.threads > 0 ? config.threads : read_machine().threads;
  const nets::PlanGraph graph = net_for(config.net, *game)->graph();
  const nets::Precision precision = supported_precision(config.precision);
  const auto plan = std::make_shared<const nets::InferencePlan>(graph, precision, config.batch);
  const auto root = game->new_initial_state();
  Rng rng(1);
  Progress progress("bench search", "rows", 1);
  const Contender visits = [&](double seconds) {
    mcts::ParallelSearch search(
        game, {},
        {.threads = threads, .leaves_per_batch = config.batch, .stop_when_decided = false},
        net_evaluators(plan, game, 1, config.cache_mb));
    search.reset(*root);
    const mcts::SearchResult result = search.run({.time_seconds = seconds}, rng);
    return result.simulations / result.seconds;
  };
  BenchReport report{
      "search_tree", "search: one tree with a net, as tengen gtp plays", "visits_per_second", {}};
  report.rows.push_back({{{"game", config.game},
                          {"net", config.net},
                          {"precision", nets::to_string(precision)},
                          {"threads", threads},
                          {"batch", config.batch},
                          {"seconds", config.plan.seconds}},
                         measure(visits,
                                 convolution_ceiling(graph, precision, ConvolutionPass::inference,
                                                     config.batch, threads),
                                 config.plan),
                         {}});
  progress.advance();
  return report;
}

}  // namespace tengen::tools
