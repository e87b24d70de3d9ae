// The search tree: nodes (node.hpp) and edges (edge.hpp) as plain values in an arena.
//
// The root has an edge of its own, which leads to it and speaks, as every edge, for the player who
// chose it: the opponent of the side to move at the root. Players alternate; a game in which a
// player must pass has a pass action.
//
// Memory bound: the tree and the copy that advance() and recycle() make share
// SearchConfig::max_tree_bytes, half each. At the bound nodes are no longer expanded and edges no
// longer opened, selection goes on among those that are, until recycle() has made room.
//
// The copy is made in steps, so that no search waits for all of a large tree: in between the search
// goes on with nodes of which some are moved and some not, each reached from its parent wherever it
// lies (as Cheney 1970 copies, but depth first). A graph, whose nodes have several parents, is
// copied in one step.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "envs/game.hpp"
#include "mcts/arena.hpp"
#include "mcts/edge.hpp"
#include "mcts/node.hpp"
#include "mcts/sharing.hpp"
#include "mcts/transpositions.hpp"

namespace tengen::mcts {

class Tree {
 public:
  /// With `graph` nodes may have several parents (graph.hpp); their table takes a sixteenth.
  explicit Tree(std::size_t max_bytes, bool graph = false);

  /// False if the tree was too large for that and is empty now.
  bool set_max_bytes(std::size_t max_bytes);
  /// Cursors for threads 0 .. threads - 1. Not while a search runs.
  void reserve_threads(int threads);

  /// An empty tree: a root never visited.
  void clear();
  /// Makes the position behind `action` the root. Keeps what lies below it, copied into fresh
  /// memory: the cost is that of the kept part alone. The copy is begun here; where recycling is
  /// wanted afterwards, recycle() goes on with it.
  void advance(envs::Action action);

  /// The bound was met.
  bool full() const { return arena_.refused(); }
  /// A copy is not finished, or the bound was met and the tree is large enough for recycle(): four
  /// slabs a thread.
  bool wants_recycling() const;
  /// One step of making room: keeps the most visited nodes that fit half of the tree's memory,
  /// copied into fresh memory. What is forgotten becomes a leaf again; its edge keeps its
  /// statistics. Not while a thread is in the tree. A step moves nodes of kStepBytes and those
  /// beside the last of them; all steps cost what the copy costs, shared out over the nodes that
  /// fill the other half.
  void recycle();
  static constexpr std::size_t kStepBytes = std::size_t{4} << 20;

  Edge& root() { return *root_ref(); }
  const Edge& root() const { return root_.edges[0]; }
  EdgeRef root_ref() { return {root_, 0}; }
  /// The edge must be EXPANDED.
  Node& node(Link link) const { return *reinterpret_cast<Node*>(arena_.at(link)); }
  /// Null unless the root is expanded.
  Node* root_node() const { return is_node(root().child) ? &node(root().child) : nullptr; }
  static bool is_node(Link link) { return link >= kFirstLink; }

  GroupWalk groups(Node& node) const { return {arena_, node}; }
  /// The opened edge number `index`.
  EdgeRef edge_at(Node& node, int index) const {
    int group = index / kGroupSize;
    const int lane = index % kGroupSize;
    if (group == 0) return {node.first, lane};
    EdgeBlock* block = &edge_block(node.more);
    for (--group; group >= static_cast<int>(block->groups); block = &edge_block(block->more))
      group -= static_cast<int>(block->groups);
    return {block->begin()[group], lane};
  }
  template <Sharing S>
  EdgeRange edges(Node& node) const {
    return {groups(node), load<S>(node.opened, std::memory_order_acquire)};
  }

  /// Claims a leaf: true if it was INITIAL and is now EXPANDING.
  template <Sharing S>
  static bool claim(Edge& edge) {
    return replace<S>(edge.child, kNoLink, kExpanding);
  }
  /// Gives up a claim.
  template <Sharing S>
  static void release(Edge& edge) {
    store<S>(edge.child, kNoLink, std::memory_order_release);
  }
  /// Makes the claimed leaf a node; at the memory bound gives up the claim and returns false.
  /// Same order in both spans: increasing actions.
  template <Sharing S>
  bool expand(Edge& leaf, std::span<const envs::Action> actions, std::span<const float> priors,
              int thread);
  /// Gives an edge to the unopened action of greatest prior (ties: the lowest action); none if none
  /// is left or at the memory bound. The first four of a node need no memory.
  template <Sharing S>
  EdgeRef open_next(Node& node, int thread);

  /// The result for the side to move in the node that its edges' proofs prove: won if one of them
  /// wins, decided if all are.
  template <Sharing S>
  Proof proof_by_children(Node& node) const;

  /// Nodes by position; those forgotten or left behind by advance() are not in it.
  Transpositions& transpositions() { return transpositions_; }

  /// Where the prior of each legal action is stored now. Not while a search runs.
  std::vector<float*> prior_slots(Node& node) const;
  /// To be called after priors were changed through prior_slots().
  void priors_changed(Node& node) const;

  std::size_t bytes() const { return arena_.bytes_in_use(); }

 private:
  EdgeBlock& edge_block(Link link) const { return *reinterpret_cast<EdgeBlock*>(arena_.at(link)); }
  EdgeRef append_edge(Node& node, Arena::Cursor& cursor);
  /// Groups without edges, or kNoLink at the bound.
  Link allocate_block(Arena::Cursor& cursor, std::uint32_t groups);
  // Recycling counts the bytes of all nodes by their visits, in steps, then moves those that stay.
  void count_some();
  std::size_t count_bytes(const Edge& from);
  void begin_moving(const EdgeGroup& root, std::uint32_t least_visits);
  void move_some();
  std::size_t move_node(Edge& edge);
  Link copy_node(Node& from);
  void finish_moving();

  const bool graph_;
  std::size_t max_bytes_ = 0;
  Transpositions transpositions_;
  Arena arena_;                         // with old blocks while nodes are moved
  std::vector<Arena::Cursor> cursors_;  // one per thread
  EdgeGroup root_;                      // edge 0 alone is used

  std::vector<Link> pending_;                 // counted or moved, those below them not yet
  std::vector<std::size_t> bytes_by_visits_;  // while they are counted, else empty
  std::uint32_t least_visits_ = 0;            // of the nodes that are kept
};

}  // namespace tengen::mcts
