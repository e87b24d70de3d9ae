#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>

#include "mcts/parallel_search.hpp"
#include "tests/support/search_helpers.hpp"

using namespace tengen;
using namespace tengen::mcts;

TEST_CASE("Every root action has its own line of legal moves", "[mcts][parallel]") {
  const auto game = envs::make_game("go:size=5");
  ParallelSearch search(game, {}, {.threads = 1, .leaves_per_batch = 1},
                        [](int) { return std::make_unique<HashEvaluator>(); });
  search.reset(*game->new_initial_state());
  CHECK(search.variation(3) == std::vector<envs::Action>{3});
  Rng rng(1);
  const SearchResult result = search.run({.simulations = 500}, rng);
  const std::vector<envs::Action>& best = result.principal_variation;
  REQUIRE(best.size() > 2);
  CHECK(search.variation(best[0]) == best);
  for (const ActionStats& action : result.actions) {
    const std::vector<envs::Action> line = search.variation(action.action);
    CHECK(line.front() == action.action);
    const std::vector<int> visits = search.variation_visits(action.action);
    CHECK(visits.size() == line.size());
    CHECK(visits.front() == action.visits);
    CHECK(std::is_sorted(visits.rbegin(), visits.rend()));
    CHECK(static_cast<int>(line.size()) <= std::max(1, action.visits));
    auto state = game->new_initial_state();
    for (const envs::Action move : line) {
      REQUIRE(state->is_legal(move));
      state->apply(move);
    }
  }
}
