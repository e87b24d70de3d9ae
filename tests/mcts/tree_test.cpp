#include "mcts/tree.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <vector>

using namespace tengen;
using namespace tengen::mcts;

namespace {

constexpr Sharing kSingle = Sharing::single;

/// Expands `leaf` with actions 10, 20, 30, ... and these priors.
Node* expand(Tree& tree, Edge& leaf, const std::vector<float>& priors) {
  std::vector<envs::Action> actions(priors.size());
  for (std::size_t i = 0; i < actions.size(); ++i) actions[i] = static_cast<int>(10 * (i + 1));
  REQUIRE(Tree::claim<kSingle>(leaf));
  if (!tree.expand<kSingle>(leaf, actions, priors, 0)) return nullptr;
  return &tree.node(leaf.child);
}

std::vector<int> opened_actions(const Tree& tree, Node& node) {
  std::vector<int> actions;
  for (const Edge& edge : tree.edges<kSingle>(node)) actions.push_back(edge.action);
  return actions;
}

}  // namespace

TEST_CASE("Actions open in the order of their priors and ties in legal order", "[mcts][tree]") {
  Tree tree(1 << 20);
  Node& node = *expand(tree, tree.root(), {0.1f, 0.3f, 0.0f, 0.3f, 0.2f, 0.1f});
  for (int i = 0; i < 6; ++i) CHECK(tree.open_next<kSingle>(node, 0));
  CHECK(opened_actions(tree, node) == std::vector<int>{20, 40, 50, 10, 60, 30});
  CHECK_FALSE(tree.open_next<kSingle>(node, 0));
  CHECK(node.visited_prior == Approx(1.0));
}

TEST_CASE("A node of many actions opens them all and its edges stay where they are",
          "[mcts][tree]") {
  Tree tree(1 << 20);
  std::vector<float> priors(362);
  for (std::size_t i = 0; i < priors.size(); ++i) priors[i] = static_cast<float>(i * 149 % 362);
  Node& node = *expand(tree, tree.root(), priors);
  std::vector<Edge*> edges;
  while (const EdgeRef edge = tree.open_next<kSingle>(node, 0)) edges.push_back(&*edge);
  REQUIRE(edges.size() == 362);
  std::size_t i = 0;
  for (Edge& edge : tree.edges<kSingle>(node)) {
    CHECK(&edge == edges[i]);
    CHECK(edge.prior == static_cast<float>(361 - i));
    CHECK(edge.prior == priors[edge.action / 10 - 1]);
    ++i;
  }
  CHECK(i == 362);
}

TEST_CASE("A negative zero prior counts as zero", "[mcts][tree]") {
  Tree tree(1 << 20);
  Node& node = *expand(tree, tree.root(), {-0.0f, 1.0f});
  CHECK(tree.open_next<kSingle>(node, 0)->action == 20);
  CHECK(tree.open_next<kSingle>(node, 0)->action == 10);
}

TEST_CASE("A leaf is claimed once", "[mcts][tree]") {
  Edge leaf;
  CHECK(Tree::claim<Sharing::shared>(leaf));
  CHECK_FALSE(Tree::claim<Sharing::shared>(leaf));
  Tree::release<Sharing::shared>(leaf);
  CHECK(Tree::claim<Sharing::shared>(leaf));
}

TEST_CASE("At the memory bound expansion fails and gives up the claim", "[mcts][tree]") {
  Tree tree(640);  // 320 for the tree: one small node
  CHECK(expand(tree, tree.root(), std::vector<float>(100, 0.01f)) == nullptr);
  CHECK(tree.root().child == kNoLink);
  CHECK(expand(tree, tree.root(), {0.5f, 0.5f}) != nullptr);
  CHECK(tree.bytes() <= 640);
}

TEST_CASE("At the memory bound the first edges of a node still open", "[mcts][tree]") {
  Tree tree(640);
  Node& node = *expand(tree, tree.root(), std::vector<float>(5, 0.2f));
  for (int i = 0; i < kGroupSize; ++i) CHECK(tree.open_next<kSingle>(node, 0));
  CHECK_FALSE(tree.open_next<kSingle>(node, 0));
  CHECK(tree.edges<kSingle>(node).size() == kGroupSize);
}

TEST_CASE("Advance keeps the subtree with all its statistics and nothing else", "[mcts][tree]") {
  Tree tree(1 << 22);
  Node& root = *expand(tree, tree.root(), std::vector<float>(40, 0.025f));
  for (int i = 0; i < 40; ++i) {
    Edge& edge = *tree.open_next<kSingle>(root, 0);
    edge.visits = 100 + i;
    edge.value_sum = -i;
    Node& child = *expand(tree, edge, std::vector<float>(30, 0.03f));
    for (int j = 0; j <= i % 30; ++j) tree.open_next<kSingle>(child, 0)->visits = i;
  }
  tree.advance(200);  // opened as number 19
  CHECK(tree.root().visits == 119);
  CHECK(tree.root().value_sum == -19);
  Node& kept = *tree.root_node();
  CHECK(kept.num_actions == 30);
  CHECK(tree.edges<kSingle>(kept).size() == 20);
  for (const Edge& edge : tree.edges<kSingle>(kept)) CHECK(edge.visits == 19);
  CHECK(tree.bytes() == Arena::kSlabBytes);
  for (int j = 20; j < 30; ++j) CHECK(tree.open_next<kSingle>(kept, 0)->action == 10 * (j + 1));
}

TEST_CASE("Recycling keeps the most visited nodes and every edge's statistics", "[mcts][tree]") {
  Tree tree(8 * Arena::kSlabBytes);  // four slabs for the tree
  Node& root = *expand(tree, tree.root(), std::vector<float>(300, 0.1f));
  tree.root().visits = 100000;
  std::vector<envs::Action> expanded;
  std::uint32_t visits = 0;
  while (const EdgeRef edge = tree.open_next<kSingle>(root, 0)) {
    edge->visits = visits = 7919 * (visits + 1) % 1000;
    edge->value_sum = edge->action;
    if (expand(tree, *edge, std::vector<float>(1000, 0.001f))) expanded.push_back(edge->action);
  }
  REQUIRE(expanded.size() < 300);
  REQUIRE(tree.wants_recycling());
  tree.recycle();
  CHECK_FALSE(tree.wants_recycling());
  CHECK(tree.bytes() <= 3 * Arena::kSlabBytes);

  std::vector<std::uint32_t> kept, dropped;
  REQUIRE(tree.edges<kSingle>(*tree.root_node()).size() == 300);
  for (const Edge& edge : tree.edges<kSingle>(*tree.root_node())) {
    CHECK(edge.value_sum == edge.action);
    if (Tree::is_node(edge.child))
      kept.push_back(edge.visits);
    else if (std::count(expanded.begin(), expanded.end(), edge.action) > 0)
      dropped.push_back(edge.visits);
  }
  CHECK(kept.size() + dropped.size() == expanded.size());
  CHECK(kept.size() >= expanded.size() / 3);
  CHECK(kept.size() <= expanded.size() / 2);
  CHECK(*std::min_element(kept.begin(), kept.end()) >
        *std::max_element(dropped.begin(), dropped.end()));
}

TEST_CASE("A large tree makes room in short steps between which it can be searched",
          "[mcts][tree]") {
  constexpr std::size_t kBytes = 24 * Tree::kStepBytes;
  const std::vector<float> priors(6000, 0.001f);  // nodes of 36 KB: few are enough
  Tree tree(kBytes);
  const bool moves_on = GENERATE(false, true);  // advance() copies in the same way
  Edge* top = &tree.root();
  if (moves_on) top = &*tree.open_next<kSingle>(*expand(tree, tree.root(), {1}), 0);
  Node& root = *expand(tree, *top, priors);
  tree.root().visits = top->visits = 1'000'000;
  std::vector<std::uint32_t> visits;  // of the root's edges
  while (!tree.full()) {
    Edge& edge = *tree.open_next<kSingle>(root, 0);
    edge.visits = 500'000;
    visits.push_back(edge.visits);
    Node* child = expand(tree, edge, priors);
    for (int i = 0; child && i < 30; ++i) {
      const EdgeRef below = tree.open_next<kSingle>(*child, 0);
      if (!below) break;
      below->visits = i % 3 == 0 ? 1000 : 5;
      if (Node* leaf = expand(tree, *below, priors)) tree.open_next<kSingle>(*leaf, 0)->visits = 7;
    }
  }
  if (moves_on) tree.advance(10);
  std::size_t steps = 0;
  for (; tree.wants_recycling(); ++steps) {
    const std::size_t edge = steps % visits.size();
    tree.edge_at(*tree.root_node(), static_cast<int>(edge))->visits += 1;  // wherever it lies
    visits[edge] += 1;
    tree.recycle();
    REQUIRE(tree.bytes() <= kBytes);
  }
  CHECK(steps >= 6);
  CHECK(tree.bytes() <= kBytes / 2);
  std::vector<std::uint32_t> now;
  for (const Edge& edge : tree.edges<kSingle>(*tree.root_node())) {
    now.push_back(edge.visits);
    if (now.size() == visits.size()) break;  // where the tree was full
    for (const Edge& below : tree.edges<kSingle>(tree.node(edge.child))) {
      REQUIRE(Tree::is_node(below.child) == (moves_on || below.visits == 1000));
      if (Tree::is_node(below.child)) REQUIRE(tree.edge_at(tree.node(below.child), 0)->visits == 7);
    }
  }
  CHECK(now == visits);
}

TEST_CASE("A tree too small to recycle does not ask for it", "[mcts][tree]") {
  Tree tree(2 * Arena::kSlabBytes);
  Node& root = *expand(tree, tree.root(), std::vector<float>(300, 0.1f));
  while (const EdgeRef edge = tree.open_next<kSingle>(root, 0))
    expand(tree, *edge, std::vector<float>(1000, 0.001f));
  CHECK_FALSE(tree.wants_recycling());
}

TEST_CASE("Advance to an action without a node empties the tree", "[mcts][tree]") {
  Tree tree(1 << 20);
  Node& root = *expand(tree, tree.root(), {0.6f, 0.4f});
  tree.root().visits = 2;
  tree.open_next<kSingle>(root, 0)->visits = 1;
  tree.advance(GENERATE(10, 20, 77));
  CHECK(tree.root().visits == 0);
  CHECK(tree.root_node() == nullptr);
  CHECK(tree.bytes() == 0);
}
