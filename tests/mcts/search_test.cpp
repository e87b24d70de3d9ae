#include "mcts/search.hpp"

#include <catch2/catch.hpp>
#include <numeric>
#include <stdexcept>

#include "mcts/search_impl.hpp"
#include "tests/support/reference_search.hpp"
#include "tests/support/search_helpers.hpp"

using namespace tengen;
using namespace tengen::mcts;
using namespace tengen::test;

namespace {

const ActionStats& stats_of(const SearchResult& result, envs::Action action) {
  for (const ActionStats& stats : result.actions)
    if (stats.action == action) return stats;
  throw std::logic_error("no such action");
}

class ThrowingEvaluator : public Evaluator {
 public:
  void evaluate(std::span<EvalItem>) override { throw std::runtime_error("no evaluation"); }
};

}  // namespace

TEST_CASE("The search equals the plain recursive reference", "[mcts][search]") {
  const std::string spec = GENERATE("tic_tac_toe", "connect_four:width=4,height=4", "connect_four",
                                    "go:size=3", "go:size=5");
  SearchConfig config;
  config.use_solver = GENERATE(true, false);
  config.fpu_root_reduction = GENERATE(0.0f, 0.4f);
  UniformEvaluator uniform;  // many equal scores
  HashEvaluator hashed;
  Evaluator* const choices[] = {&uniform, &hashed};
  Evaluator& evaluator = *choices[GENERATE(0, 1)];
  const auto game = envs::make_game(spec);
  Rng rng(3);
  for (int position = 0; position < 4; ++position) {
    const auto state = game->new_initial_state();
    std::vector<envs::Action> legal;
    for (int ply = 0; ply < position; ++ply) {
      state->legal_actions(legal);
      state->apply(legal[rng.below(static_cast<std::uint32_t>(legal.size()))]);
    }
    Search search(game, config);
    search.reset(*state);
    const SearchResult result = search.run(evaluator, {.simulations = 3000}, rng);
    const auto expected = ReferenceSearch(config, evaluator).run(*state, 3000);
    INFO(spec << " position " << position);
    REQUIRE(result.simulations == expected.visits);
    CHECK(result.proof == expected.proof);
    CHECK(result.value == (expected.proof == Proof::unknown
                               ? static_cast<float>(expected.value_sum) / expected.visits
                               : proof_value(expected.proof)));
    for (std::size_t i = 0; i < expected.children.size(); ++i) {
      CHECK(result.actions[i].action == expected.actions[i]);
      CHECK(result.actions[i].visits == expected.children[i].visits);
      CHECK(result.actions[i].proof == flipped(expected.children[i].proof));
    }
  }
}

TEST_CASE("Absolute first-play urgency equals the plain reference", "[mcts][search]") {
  const auto game = envs::make_game(GENERATE("connect_four", "go:size=5"));
  SearchConfig config;
  config.fpu_absolute = true;
  config.fpu_value = GENERATE(-1.0f, 0.1f, 1.0f);
  config.fpu_root_value = GENERATE(-1.0f, 0.2f);
  HashEvaluator evaluator;
  Rng rng(3);
  Search search(game, config);
  search.reset(*game->new_initial_state());
  const SearchResult result = search.run(evaluator, {.simulations = 2000}, rng);
  const auto expected = ReferenceSearch(config, evaluator).run(*game->new_initial_state(), 2000);
  std::vector<int> visits;
  for (const auto& child : expected.children) visits.push_back(child.visits);
  CHECK(visits_of(result) == visits);
}

TEST_CASE("A first-play urgency above every value visits all actions once first",
          "[mcts][search]") {
  const auto game = envs::make_game("connect_four");
  SearchConfig config;
  config.fpu_absolute = true;
  config.fpu_root_value = 2;
  UniformEvaluator evaluator;
  Rng rng(3);
  Search search(game, config);
  search.reset(*game->new_initial_state());
  CHECK(visits_of(search.run(evaluator, {.simulations = 8}, rng)) == std::vector<int>(7, 1));
}

TEST_CASE("Dynamic exploration equals the plain reference", "[mcts][search]") {
  const auto game = envs::make_game(GENERATE("connect_four", "go:size=5"));
  const SearchConfig config{.c_puct_spread_scale = 0.85f, .use_solver = false};
  HashEvaluator evaluator;
  Rng rng(3);
  Search search(game, config);
  search.reset(*game->new_initial_state());
  const SearchResult result = search.run(evaluator, {.simulations = 1000}, rng);
  const auto expected = ReferenceSearch(config, evaluator).run(*game->new_initial_state(), 1000);
  std::vector<int> visits;
  for (const auto& child : expected.children) visits.push_back(child.visits);
  CHECK(visits_of(result) == visits);
}

TEST_CASE("The same seed gives the same search", "[mcts][search]") {
  const SearchConfig config{.noise_fraction = 0.25f};
  const SearchResult a = run_hashed("go:size=5", {}, 2000, config, 5);
  CHECK(same_search(a, run_hashed("go:size=5", {}, 2000, config, 5)));
  CHECK_FALSE(same_search(a, run_hashed("go:size=5", {}, 2000, config, 6)));
}

TEST_CASE("Root visits are one more than those of its actions", "[mcts][search]") {
  const SearchResult result = run_hashed("go:size=5", {}, 1234);
  CHECK(result.simulations == 1234);
  CHECK(sum_of_visits(result) == 1233);
}

TEST_CASE("Several leaves per batch reach the same number of visits", "[mcts][search]") {
  const auto game = envs::make_game("connect_four");
  Search search(game, {});
  search.reset(*game->new_initial_state());
  HashEvaluator evaluator;
  Rng rng(1);
  const SearchResult result = search.run(evaluator, {.simulations = 1000}, rng, 16);
  CHECK(result.simulations == 1000);
  CHECK(sum_of_visits(result) == 999);
}

TEST_CASE("Advance keeps the statistics of the subtree", "[mcts][search]") {
  const auto game = envs::make_game("go:size=5");
  HashEvaluator evaluator;
  Rng rng(1);
  const SearchConfig config;
  const auto root = game->new_initial_state();
  const auto reference = ReferenceSearch(config, evaluator).run(*root, 3000);
  Search search(game, config);
  search.reset(*root);
  const SearchResult before = search.run(evaluator, {.simulations = 3000}, rng);
  const envs::Action action = before.principal_variation.at(0);
  search.advance(action);
  const SearchResult after = search.result();

  CHECK(after.simulations == stats_of(before, action).visits);
  CHECK(after.value == -stats_of(before, action).q);
  const auto at = std::find(reference.actions.begin(), reference.actions.end(), action);
  const auto& child = reference.children[at - reference.actions.begin()];
  std::vector<int> expected;
  for (const auto& grandchild : child.children) expected.push_back(grandchild.visits);
  CHECK(visits_of(after) == expected);
}

TEST_CASE("A search goes on in the kept tree and counts its visits", "[mcts][search]") {
  const auto game = envs::make_game("connect_four");
  HashEvaluator evaluator;
  Rng rng(1);
  Search search(game, {});
  search.reset(*game->new_initial_state());
  search.advance(search.run(evaluator, {.simulations = 500}, rng).principal_variation.at(0));
  const int kept = search.simulations();
  CHECK(kept > 0);
  const SearchResult result = search.run(evaluator, {.simulations = 500}, rng);
  CHECK(result.simulations == 500);
  CHECK(sum_of_visits(result) == 499);
  CHECK(search.run(evaluator, {.simulations = 100}, rng).simulations == 501);  // at least one
}

TEST_CASE("A search beside the copy of its tree equals one behind it", "[mcts][search]") {
  const auto game = envs::make_game("connect_four");
  const SearchConfig config{.c_puct_init = 0.1f};  // most of the tree is behind the best move
  HashEvaluator evaluator;
  Search::Impl beside(game, config), behind(game, config);
  const auto simulate = [&](Search::Impl& search, int simulations) {
    std::vector<EvalItem> batch;
    while (simulations-- > 0) {
      batch.clear();
      if (search.tree.wants_recycling()) search.tree.recycle();
      if (search.walker.walk(*search.root, batch) != WalkEnd::leaf) continue;
      evaluator.evaluate(batch);
      search.walker.absorb(batch);
    }
  };
  for (Search::Impl* search : {&beside, &behind}) simulate(*search, 80000);
  const std::vector<envs::Action> line = make_result(beside).principal_variation;
  for (int ply = 0; ply < 2; ++ply) {
    for (Search::Impl* search : {&beside, &behind}) {
      search->tree.advance(line[ply]);
      search->root->apply(line[ply]);
      REQUIRE(search->tree.wants_recycling());
    }
    while (behind.tree.wants_recycling()) behind.tree.recycle();
  }
  for (Search::Impl* search : {&beside, &behind}) simulate(*search, 1000);
  CHECK(same_search(make_result(beside), make_result(behind)));
}

TEST_CASE("The memory bound is respected and the search goes on", "[mcts][search]") {
  const std::size_t bound = GENERATE(0, 1000, 20000, 600000);
  const auto game = envs::make_game("go:size=5");
  HashEvaluator evaluator;
  Rng rng(1);
  Search search(game, SearchConfig{.max_tree_bytes = bound});
  search.reset(*game->new_initial_state());
  for (int move = 0; move < 4; ++move) {
    const SearchResult result = search.run(evaluator, {.simulations = 3000}, rng);
    CHECK(result.simulations == 3000);
    CHECK(sum_of_visits(result) < 3000);
    CHECK(search.tree_bytes() <= bound);
    search.advance(select_move(result, 0, rng));
    CHECK(search.tree_bytes() <= bound);
  }
}

TEST_CASE("A search whose tree is too large for a lowered bound begins anew", "[mcts][search]") {
  const auto game = envs::make_game("go:size=5");
  HashEvaluator evaluator;
  Rng rng(1);
  Search search(game, {});
  search.reset(*game->new_initial_state());
  search.run(evaluator, {.simulations = 5000}, rng);
  SearchConfig config;
  config.max_tree_bytes = 4 * search.tree_bytes();
  search.set_config(config);
  CHECK(search.simulations() == 5000);
  config.max_tree_bytes = 100000;
  search.set_config(config);
  CHECK(search.simulations() == 0);
  const SearchResult result = search.run(evaluator, {.simulations = 300}, rng);
  CHECK(result.simulations == 300);
  CHECK(sum_of_visits(result) == 299);
  CHECK(search.tree_bytes() <= 100000);
  CHECK(search.run(evaluator, {.simulations = 9000}, rng).simulations == 9000);
  CHECK(search.tree_bytes() <= 100000);
}

TEST_CASE("Without an expanded root the result lists the legal actions", "[mcts][search]") {
  const auto game = envs::make_game("tic_tac_toe");
  Search search(game, {});
  search.reset(*play(*game, {4, 0}));
  const SearchResult result = search.result();
  CHECK(result.actions.size() == 7);
  CHECK(result.simulations == 0);
  CHECK(result.value == 0);
}

TEST_CASE("Bad limits and finished games are rejected", "[mcts][search]") {
  const auto game = envs::make_game("tic_tac_toe");
  Search search(game, {});
  search.reset(*play(*game, {0, 3, 1, 4}));
  HashEvaluator evaluator;
  Rng rng(1);
  CHECK_THROWS_AS(search.run(evaluator, {}, rng), std::invalid_argument);
  CHECK_THROWS_AS(search.advance(0), std::invalid_argument);
  search.advance(2);  // wins
  CHECK_THROWS_AS(search.run(evaluator, {.simulations = 10}, rng), std::invalid_argument);
  CHECK(search.done(10));
  CHECK(search.result().actions.empty());
  CHECK_THROWS_AS(Search(game, SearchConfig{.noise_fraction = 2}), std::invalid_argument);
}

TEST_CASE("A search survives an evaluator that throws", "[mcts][search]") {
  const auto game = envs::make_game("tic_tac_toe");
  Search search(game, {});
  search.reset(*game->new_initial_state());
  ThrowingEvaluator broken;
  HashEvaluator evaluator;
  Rng rng(1);
  CHECK_THROWS_AS(search.run(broken, {.simulations = 100}, rng), std::runtime_error);
  CHECK(same_search(search.run(evaluator, {.simulations = 100}, rng),
                    run_hashed("tic_tac_toe", {}, 100)));
}

TEST_CASE("The clock ends a search that has no other limit", "[mcts][search]") {
  const auto game = envs::make_game("tic_tac_toe");
  // Without the solver every position near the end is visited for ever.
  Search search(game, SearchConfig{.use_solver = false});
  search.reset(*play(*game, {0, 1, 2, 3, 4, 5, 7}));
  HashEvaluator evaluator;
  Rng rng(1);
  CHECK(search.run(evaluator, {.time_seconds = 0.01}, rng).simulations > 0);
}
