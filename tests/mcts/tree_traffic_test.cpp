#include "mcts/tree_traffic.hpp"

#include <catch2/catch.hpp>

#include "mcts/walker.hpp"
#include "tests/support/search_helpers.hpp"

using namespace tengen;
using namespace tengen::mcts;

TEST_CASE("The traffic of a tree visits the edges that its playouts visited", "[mcts][traffic]") {
  const auto game = envs::make_game("go:size=9");
  const auto root = game->new_initial_state();
  const SearchConfig config;
  Tree tree(64 << 20);
  Walker<Sharing::single> walker(tree, config);
  HashEvaluator evaluator;
  std::vector<EvalItem> batch;
  std::size_t leaves = 0;
  for (int i = 0; i < 300; ++i) {
    batch.clear();
    if (walker.walk(*root, batch) != WalkEnd::leaf) continue;
    evaluator.evaluate(batch);
    walker.absorb(batch);
    ++leaves;
  }
  REQUIRE(leaves == 300);  // no game ends so soon: each playout made a node

  TreeTraffic traffic(tree);
  CHECK(traffic.playouts() == leaves);
  std::vector<std::uint32_t> visits;
  for (const Edge& edge : tree.edges<Sharing::single>(*tree.root_node()))
    visits.push_back(edge.visits);
  traffic.repeat();
  std::size_t i = 0;
  for (const Edge& edge : tree.edges<Sharing::single>(*tree.root_node()))
    CHECK(edge.visits == 2 * visits[i++]);
}
