#include "mcts/graph.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "mcts/parallel_search.hpp"
#include "mcts/walker.hpp"
#include "tests/support/search_helpers.hpp"

using namespace tengen;
using namespace tengen::mcts;
using namespace tengen::test;

namespace {

struct CountingEvaluator : HashEvaluator {
  void evaluate(std::span<EvalItem> items) override {
    HashEvaluator::evaluate(items);
    for (const EvalItem& item : items) positions.insert(item.state->key());
    count += items.size();
  }
  std::set<std::uint64_t> positions;
  std::size_t count = 0;
};

/// The value by the formula alone, each node worked out once.
double formula(const Tree& tree, Link link, std::map<Link, double>& known) {
  if (const auto at = known.find(link); at != known.end()) return at->second;
  Node& node = tree.node(link);
  double sum = node.own_value;
  std::uint32_t visits = 1;
  for (const Edge& edge : tree.edges<Sharing::single>(node)) {
    const double q = Tree::is_node(edge.child)
                         ? -formula(tree, edge.child, known)
                         : static_cast<double>(edge.value_sum) / kFixedOne / edge.visits;
    if (edge.visits > 0) sum += q * edge.visits;
    visits += edge.visits;
  }
  REQUIRE(node.visits == visits);
  return known[link] = sum / visits;
}

}  // namespace

TEST_CASE("A table of transpositions finds what was remembered last", "[mcts][graph]") {
  Transpositions table;
  table.remember(5, 7);
  CHECK(table.find(5) == kNoLink);
  table.set_max_bytes(100);  // six slots would fit: four
  table.remember(5, 7);
  table.remember(6, 8);
  CHECK(table.find(5) == 7);
  CHECK(table.find(6) == 8);
  CHECK(table.find(9) == kNoLink);
  table.remember(9, 10);  // the slot of 5
  CHECK(table.find(5) == kNoLink);
  table.follow([](Link link) { return link == 8 ? kNoLink : link + 1; });
  CHECK(table.find(9) == 11);
  CHECK(table.find(6) == kNoLink);
  table.clear();
  CHECK(table.find(9) == kNoLink);
}

TEST_CASE("A graph evaluates a position once", "[mcts][graph]") {
  const auto game = envs::make_game("tic_tac_toe");
  std::size_t counts[2] = {};
  for (const bool graph : {false, true}) {
    CountingEvaluator evaluator;
    Search search(game, {.graph = graph, .use_solver = false});
    search.reset(*game->new_initial_state());
    Rng rng(1);
    search.run(evaluator, {.simulations = 20000}, rng);
    counts[graph] = evaluator.count;
    // Where two positions share a slot of the table, one is evaluated again.
    if (graph) CHECK(evaluator.count <= evaluator.positions.size() * 1.02);
  }
  CHECK(counts[1] * 3 < counts[0] * 2);
}

TEST_CASE("Values on a graph are those of the formula", "[mcts][graph]") {
  const auto game = envs::make_game(GENERATE("tic_tac_toe", "connect_four:width=4,height=4"));
  const SearchConfig config{.graph = true, .use_solver = false};
  Tree tree(64 << 20, true);
  Walker<Sharing::single> walker(tree, config);
  HashEvaluator evaluator;
  const auto root = game->new_initial_state();
  std::vector<EvalItem> batch;
  for (int i = 0; i < 5000; ++i) {
    batch.clear();
    for (int leaf = 0; leaf < 3; ++leaf)
      if (walker.walk(*root, batch) == WalkEnd::collision) break;
    evaluator.evaluate(batch);
    walker.absorb(batch);
  }
  // What a path has not passed lately is a little out of date.
  std::map<Link, double> known;
  CHECK(tree.root_node()->value == Approx(formula(tree, tree.root().child, known)).margin(0.02));
}

TEST_CASE("A graph proves what minimax finds", "[mcts][graph]") {
  const auto game = envs::make_game("tic_tac_toe");
  Rng rng(GENERATE(1, 2, 3, 4, 5, 6));
  const auto state = game->new_initial_state();
  std::vector<envs::Action> legal;
  for (int ply = 0; ply < 3; ++ply) {
    state->legal_actions(legal);
    state->apply(legal[rng.below(static_cast<std::uint32_t>(legal.size()))]);
  }
  CountingEvaluator evaluator;
  Search search(game, {.graph = true});
  search.reset(*state);
  const SearchResult result = search.run(evaluator, {.simulations = 2000000}, rng);
  const float exact = minimax_value(*state, state->current_player());
  REQUIRE(result.proof != Proof::unknown);
  CHECK(proof_value(result.proof) == exact);
  CHECK(result.value == exact);
  CHECK(evaluator.count < 1000);
}

TEST_CASE("Without proofs a graph and a tree come to the same value", "[mcts][graph]") {
  const auto game = envs::make_game("tic_tac_toe");
  const std::vector<envs::Action> opening =
      GENERATE(std::vector<envs::Action>{}, std::vector<envs::Action>{4, 1},
               std::vector<envs::Action>{0, 4});
  const auto state = play(*game, opening);
  const float exact = minimax_value(*state, state->current_player());
  for (const bool graph : {false, true}) {
    const SearchConfig config{.graph = graph, .use_solver = false};
    const SearchResult result = run_hashed("tic_tac_toe", opening, 200000, config);
    CHECK(std::abs(result.value - exact) < 0.12f);
    Rng rng(1);
    const auto next = state->clone();
    next->apply(select_move(result, 0, rng));
    CHECK(minimax_value(*next, state->current_player()) == exact);
  }
}

TEST_CASE("A graph goes on after a move and at its memory bound", "[mcts][graph]") {
  const auto game = envs::make_game("connect_four:width=4,height=4");
  const std::size_t bound = GENERATE(std::size_t{64} << 20, std::size_t{2} << 20);
  CountingEvaluator evaluator;
  Search search(game, {.graph = true, .max_tree_bytes = bound});
  search.reset(*game->new_initial_state());
  Rng rng(1);
  for (int move = 0; move < 4; ++move) {
    const SearchResult result = search.run(evaluator, {.simulations = 30000 * (move + 1)}, rng);
    REQUIRE(search.tree_bytes() <= bound);
    if (result.proof != Proof::unknown) return;
    const int known = result.actions.at(1).visits;
    search.advance(1);
    CHECK(search.simulations() == known);
  }
  if (bound > std::size_t{2} << 20) CHECK(evaluator.count <= evaluator.positions.size() * 1.05);
}

TEST_CASE("Deterministic threads on a graph equal the sequential search", "[mcts][graph]") {
  const auto game = envs::make_game("connect_four");
  const SearchConfig config{.graph = true};
  ParallelSearch parallel(
      game, config,
      {.threads = 4, .leaves_per_batch = 2, .deterministic = true, .stop_when_decided = false},
      [](int) { return std::make_unique<HashEvaluator>(); });
  Search sequential(game, config);
  HashEvaluator evaluator;
  Rng a(8), b(8);
  CHECK(same_search(parallel.run({.simulations = 5000}, a),
                    sequential.run(evaluator, {.simulations = 5000}, b, 8)));
}

TEST_CASE("A graph is refused where it does not work", "[mcts][graph]") {
  const auto game = envs::make_game("tic_tac_toe");
  const auto factory = [](int) { return std::make_unique<HashEvaluator>(); };
  CHECK_THROWS_AS(Search(game, {.selection = Selection::gumbel, .graph = true}),
                  std::invalid_argument);
  CHECK_THROWS_AS(ParallelSearch(game, {.graph = true}, {.threads = 2}, factory),
                  std::invalid_argument);
  Search search(game, {});
  CHECK_THROWS_AS(search.set_config({.graph = true}), std::invalid_argument);
}

TEST_CASE("Go shares positions by order of moves under simple ko alone", "[mcts][graph]") {
  const auto after = [](const std::string& ko, const std::vector<envs::Action>& actions) {
    const auto game = envs::make_game("go:size=5,ko=" + ko);
    const auto state = play(*game, actions);
    return std::pair(state->key(), graph_key(*state));
  };
  const std::vector<envs::Action> order{0, 10, 4, 14}, other{4, 10, 0, 14};
  CHECK(after("simple", order) == after("simple", other));
  CHECK(after("positional", order).second != after("positional", other).second);
  const std::vector<envs::Action> with_passes{0, 25, 4, 10, 25, 14};
  CHECK(after("simple", order).first == after("simple", with_passes).first);
  CHECK(after("simple", order).second != after("simple", with_passes).second);
}
