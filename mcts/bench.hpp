// The bench signature: fixed positions, one thread, fixed seed, a hash evaluator. One hash of all
// visit counts changes if and only if the search's behaviour changes.
#pragma once

#include <cstdint>

namespace tengen::mcts {

struct SearchBench {
  std::uint64_t signature = 0;
  std::uint64_t playouts = 0;  // simulations done
  double seconds = 0;
};

/// Searches fixed positions of every game with `simulations` each. The signature is for the
/// default.
SearchBench bench_search(int simulations = 20000);

}  // namespace tengen::mcts
