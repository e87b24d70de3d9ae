#include "mcts/bench.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/hash.hpp"
#include "envs/registry.hpp"
#include "mcts/evaluators.hpp"
#include "mcts/search.hpp"

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

}  // namespace

SearchBench bench_search(int simulations) {
  SearchBench bench;
  const Rng root(20000);
  for (std::size_t i = 0; i < kPositions.size(); ++i)
    bench_position(kPositions[i], simulations, root.split(i), bench);
  return bench;
}

}  // namespace tengen::mcts
