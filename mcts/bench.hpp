// Benches of the search: its signature and its speed. One thread.
//
// The bench signature: fixed positions, one thread, fixed seed, a hash evaluator. One hash of all
// visit counts changes if and only if the search's behaviour changes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tengen::mcts {

struct SearchBench {
  std::uint64_t signature = 0;
  std::uint64_t playouts = 0;  // simulations done
  double seconds = 0;
};

/// Searches fixed positions of every game with `simulations` each. The signature is for the
/// default.
SearchBench bench_search(int simulations = 20000);

/// What stands in for a net: hash costs next to nothing, so that the search is measured alone;
/// rollout plays one random game for each leaf ("pure MCTS").
enum class BenchEvaluator { hash, rollout };
std::string to_string(BenchEvaluator evaluator);

/// One search from a game's initial position; rates are the medians of several runs.
struct SearchSpeed {
  std::string game;
  BenchEvaluator evaluator = BenchEvaluator::hash;
  int playouts = 0;                // of a run; fewer than asked for if the root was proven
  double playouts_per_second = 0;  //
  double bytes_per_playout = 0;    // of the tree's memory
  double traffic_per_second = 0;   // playouts that made a node, their memory accesses alone
                                   // (tree_traffic.hpp): the ceiling
};
SearchSpeed bench_speed(const std::string& game, BenchEvaluator evaluator, int simulations = 20000,
                        int runs = 5);

/// The speeds that the project quotes: Go on 9x9 with the hash evaluator; tic-tac-toe, Connect Four
/// and Go on 9x9 with rollouts.
std::vector<SearchSpeed> bench_speeds(int simulations = 20000, int runs = 5);

}  // namespace tengen::mcts
