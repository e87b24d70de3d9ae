#include "mcts/bench.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/hash.hpp"
#include "envs/registry.hpp"
#include "mcts/evaluators.hpp"
#include "mcts/search.hpp"
#include "mcts/tree_traffic.hpp"
#include "mcts/walker.hpp"

namespace tengen::mcts {
namespace {

struct BenchPosition {
  const char* game;
  int random_plies;  // of the opening, whose seed is the position's index
};

constexpr std::array kPositions = {
    BenchPosition{"tic_tac_toe", 0},  BenchPosition{"tic_tac_toe", 2},
    BenchPosition{"connect_four", 0}, BenchPosition{"connect_four", 9},
    BenchPosition{"go:size=5", 4},    BenchPosition{"go:size=9", 0},
    BenchPosition{"go:size=9", 30},   BenchPosition{"go:size=19", 60},
};

void play_random_opening(envs::State& state, int plies, Rng rng) {
  std::vector<envs::Action> actions;
  for (int i = 0; i < plies; ++i) {
    state.legal_actions(actions);
    const envs::Action action = actions[rng.below(static_cast<std::uint32_t>(actions.size()))];
    state.apply(action);
    if (!state.is_terminal()) continue;
    state.undo();  // the bench wants a position to search
    return;
  }
}

std::uint64_t hash_of(const SearchResult& result) {
  std::uint64_t hash = static_cast<std::uint64_t>(result.proof);
  for (const ActionStats& stats : result.actions) {
    hash = hash_combine(hash, static_cast<std::uint64_t>(stats.action));
    hash = hash_combine(hash, static_cast<std::uint64_t>(stats.visits));
  }
  return hash;
}

/// Searches the position, then, in the tree that is kept, the one behind the best move.
void bench_position(const BenchPosition& position, int simulations, Rng rng, SearchBench& bench) {
  const std::shared_ptr<const envs::Game> game = envs::make_game(position.game);
  const std::unique_ptr<envs::State> state = game->new_initial_state();
  play_random_opening(*state, position.random_plies, rng);
  HashEvaluator evaluator;
  Search search(game, SearchConfig{});  // no noise: Dirichlet draws depend on the math library
  search.reset(*state);
  for (const int target : {simulations, simulations / 2}) {
    if (search.root_state().is_terminal()) break;
    const int before = search.simulations();
    const SearchResult result = search.run(evaluator, {.simulations = target}, rng);
    bench.signature = hash_combine(bench.signature, hash_of(result));
    bench.playouts += static_cast<std::uint64_t>(result.simulations - before);
    bench.seconds += result.seconds;
    search.advance(select_move(result, 0, rng));
  }
}

std::unique_ptr<Evaluator> make_evaluator(BenchEvaluator evaluator) {
  if (evaluator == BenchEvaluator::hash) return std::make_unique<HashEvaluator>();
  return std::make_unique<RolloutEvaluator>(Rng(1));
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

/// Playouts that make a node, per second of their memory accesses.
double bench_traffic(const envs::Game& game, Evaluator& evaluator, int simulations, int runs) {
  const SearchConfig config;
  Tree tree(config.max_tree_bytes);
  Walker<Sharing::single> walker(tree, config);
  const std::unique_ptr<envs::State> root = game.new_initial_state();
  std::vector<EvalItem> batch;
  for (int i = 0; i < simulations && tree.root().proof == Proof::unknown; ++i) {
    batch.clear();
    if (walker.walk(*root, batch) != WalkEnd::leaf) continue;
    evaluator.evaluate(batch);
    walker.absorb(batch);
  }
  TreeTraffic traffic(tree);
  std::vector<double> rates;
  for (int run = 0; run < runs; ++run) {
    const Stopwatch watch;
    traffic.repeat();
    rates.push_back(static_cast<double>(traffic.playouts()) / watch.seconds());
  }
  return median(rates);
}

}  // namespace

std::string to_string(BenchEvaluator evaluator) {
  return evaluator == BenchEvaluator::hash ? "hash" : "rollout";
}

SearchSpeed bench_speed(const std::string& spec, BenchEvaluator kind, int simulations, int runs) {
  const std::shared_ptr<const envs::Game> game = envs::make_game(spec);
  const std::unique_ptr<Evaluator> evaluator = make_evaluator(kind);
  SearchSpeed speed{.game = spec, .evaluator = kind};
  Search search(game, SearchConfig{});
  std::vector<double> rates;
  Rng rng(1);
  for (int run = 0; run < runs; ++run) {
    search.reset(*game->new_initial_state());
    const SearchResult result = search.run(*evaluator, {.simulations = simulations}, rng);
    speed.playouts = result.simulations;
    rates.push_back(result.simulations / result.seconds);
  }
  speed.playouts_per_second = median(rates);
  speed.bytes_per_playout = static_cast<double>(search.tree_bytes()) / speed.playouts;
  speed.traffic_per_second = bench_traffic(*game, *evaluator, simulations, runs);
  return speed;
}

std::vector<SearchSpeed> bench_speeds(int simulations, int runs) {
  std::vector<SearchSpeed> speeds = {
      bench_speed("go:size=9", BenchEvaluator::hash, simulations, runs)};
  for (const char* game : {"tic_tac_toe", "connect_four", "go:size=9"})
    speeds.push_back(bench_speed(game, BenchEvaluator::rollout, simulations, runs));
  return speeds;
}

SearchBench bench_search(int simulations) {
  SearchBench bench;
  const Rng root(20000);
  for (std::size_t i = 0; i < kPositions.size(); ++i)
    bench_position(kPositions[i], simulations, root.split(i), bench);
  return bench;
}

}  // namespace tengen::mcts
