#include "mcts/walker.hpp"

#include <catch2/catch.hpp>

#include "tests/support/search_helpers.hpp"

using namespace tengen;
using namespace tengen::mcts;

namespace {

/// Answers equal priors and the value of its choice.
void answer(EvalItem& item, float value) {
  for (float& prior : item.priors) prior = 1.0f / static_cast<float>(item.priors.size());
  item.value = value;
}

float q(const Edge& edge) {
  return static_cast<float>(edge.value_sum) / kFixedOne / static_cast<float>(edge.visits);
}

/// A tree over an empty tic-tac-toe board and one walker on it.
struct Fixture {
  explicit Fixture(SearchConfig config_in = {}) : config(config_in) {}

  /// One walk that must find a leaf, answered with `value` for the side to move there.
  void visit(float value) {
    std::vector<EvalItem> batch;
    REQUIRE(walker.walk(*root, batch) == WalkEnd::leaf);
    answer(batch[0], value);
    walker.absorb(batch);
  }
  Edge& first_child(Edge& edge) {
    return *tree.edges<Sharing::single>(tree.node(edge.child)).begin();
  }

  std::shared_ptr<const envs::Game> game = envs::make_game("tic_tac_toe");
  std::unique_ptr<envs::State> root = game->new_initial_state();
  const SearchConfig config;
  Tree tree{1 << 20};
  Walker<Sharing::single> walker{tree, config};
};

}  // namespace

TEST_CASE("Backup flips the value at each ply", "[mcts][walker]") {
  Fixture f;
  f.visit(0.5f);  // the root itself: 0.5 for the side to move
  CHECK(q(f.tree.root()) == -0.5f);
  f.visit(-0.75f);  // bad for the opponent, so good for the mover at the root
  Edge& child = f.first_child(f.tree.root());
  CHECK(q(child) == 0.75f);
  CHECK(q(f.tree.root()) == (-0.5f - 0.75f) / 2);
  f.visit(0.25f);  // the first child looks good: the visit goes below it
  CHECK(child.visits == 2);
  CHECK(q(f.first_child(child)) == -0.25f);
  CHECK(q(child) == (0.75f + 0.25f) / 2);
}

TEST_CASE("Virtual visits lie on the path while a leaf waits and leave no trace",
          "[mcts][walker]") {
  Fixture f(SearchConfig{.virtual_visits = 3});
  f.visit(0.0f);
  Walker<Sharing::shared> walker(f.tree, f.config);
  std::vector<EvalItem> batch;
  REQUIRE(walker.walk(*f.root, batch) == WalkEnd::leaf);
  CHECK(f.tree.root().pending == 3);
  CHECK(f.first_child(f.tree.root()).pending == 3);
  answer(batch[0], 0.0f);
  walker.absorb(batch);
  CHECK(f.tree.root().pending == 0);
  CHECK(f.first_child(f.tree.root()).pending == 0);
}

TEST_CASE("Alone a walker marks the paths of its leaves when it needs the marks",
          "[mcts][walker]") {
  Fixture f(SearchConfig{.virtual_visits = 3});
  f.visit(0.0f);
  std::vector<EvalItem> batch;
  for (int leaf = 0; leaf < 3; ++leaf) {
    REQUIRE(f.walker.walk(*f.root, batch) == WalkEnd::leaf);
    CHECK(f.tree.root().pending == 3u * leaf);
  }
  for (EvalItem& item : batch) answer(item, 0.0f);
  f.walker.absorb(batch);
  for (const Edge& edge : f.tree.edges<Sharing::single>(*f.tree.root_node()))
    CHECK(edge.pending == 0);
}

TEST_CASE("A virtual visit sends the next walk to another leaf", "[mcts][walker]") {
  Fixture f;
  f.visit(0.0f);
  std::vector<EvalItem> batch;
  for (int i = 0; i < 9; ++i) REQUIRE(f.walker.walk(*f.root, batch) == WalkEnd::leaf);
  CHECK(f.tree.edges<Sharing::single>(*f.tree.root_node()).size() == 9);
  for (EvalItem& item : batch) answer(item, 0.0f);
  f.walker.absorb(batch);
  CHECK(f.tree.root().visits == 10);
}

TEST_CASE("A walk to a leaf that waits is a collision and changes nothing", "[mcts][walker]") {
  Fixture f;
  std::vector<EvalItem> batch;
  REQUIRE(f.walker.walk(*f.root, batch) == WalkEnd::leaf);
  CHECK(f.walker.walk(*f.root, batch) == WalkEnd::collision);
  CHECK(batch.size() == 1);
  CHECK(f.tree.root().pending == 1);
}

TEST_CASE("Cancelled walks leave the tree as it was", "[mcts][walker]") {
  Fixture f;
  f.visit(0.0f);
  std::vector<EvalItem> batch;
  for (int i = 0; i < 4; ++i) f.walker.walk(*f.root, batch);
  f.walker.cancel();
  CHECK(f.walker.waiting() == 0);
  CHECK(f.tree.root().pending == 0);
  CHECK(f.tree.root().visits == 1);
  for (const Edge& edge : f.tree.edges<Sharing::single>(*f.tree.root_node())) {
    CHECK(edge.pending == 0);
    CHECK(edge.child == kNoLink);
  }
}
