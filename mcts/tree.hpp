// The search tree: nodes and edges as plain values in an arena.
//
// A node is a position that was evaluated; an edge is an action that was tried, and holds the
// statistics of what lies behind it. Most nodes of a tree are visited once, and of most others only
// few actions are ever tried. So a node keeps all its legal actions compactly, 6 bytes each, and
// "opens" an action, giving it a 32-byte edge, when selection first wants it. All unopened actions
// share one Q (first-play urgency), so the best of them is the one with the greatest prior, which
// the node remembers: selection reads the opened edges and that one number, nothing else.
//
//   Node, 128 bytes                                       EdgeBlock: 7, then 15, 31, ... edges
//   +--------+--------+--------+--------+-----------+---------+    +--------+--------+---
//   | header | edge 0 | edge 1 | edge 2 | priors[n] | actions |    | header | edge 3 | ...
//   +--------+--------+--------+--------+-----------+---------+    +--------+--------+---
//     | more ------------------------------------------------------> | more -------------->
//
//   Edge, 32 bytes: value_sum 8 | visits 4 | pending 4 | child 4 | prior 4 | action 2 | proof 1
//
// Edges never move while a search runs, so a path is a list of pointers to them. The root has an
// edge of its own, which leads to it.
//
// Perspective: everything in an Edge is for the player who chooses that edge, the mover at its
// upper end. The root's edge therefore speaks for the opponent of the side to move at the root.
// Players alternate; a game in which a player must pass has a pass action.
//
// Memory bound: the tree and the copy that advance() makes share SearchConfig::max_tree_bytes,
// half each. At the bound nodes are no longer expanded and edges no longer opened, selection goes
// on among those that are.
//
// Limits: actions below 65536, at most 40,000 legal ones in a position.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "envs/game.hpp"
#include "mcts/arena.hpp"
#include "mcts/proof.hpp"
#include "mcts/sharing.hpp"

namespace tengen::mcts {

/// Edge::child of a leaf that one thread has claimed for evaluation: INITIAL is kNoLink, EXPANDED
/// any real link. INITIAL -> EXPANDING by compare-exchange, so that no two threads evaluate one
/// leaf; EXPANDING -> EXPANDED (or back to INITIAL: terminal, or no memory) by a release store of
/// the claiming thread; readers load with acquire.
inline constexpr Link kExpanding = 1;

/// Values are summed in fixed point: exact in any order, and addable by one locked instruction.
using FixedValue = std::int64_t;
inline constexpr float kFixedOne = 0x1p30f;
inline FixedValue to_fixed(float value) { return static_cast<FixedValue>(value * kFixedOne); }

struct alignas(32) Edge {
  FixedValue value_sum = 0;      // relaxed add
  std::uint32_t visits = 0;      // relaxed add
  std::uint32_t pending = 0;     // virtual losses of visits under way; relaxed add
  Link child = kNoLink;          // see kExpanding
  float prior = 0;               // written before the edge is published, and by root noise
  std::uint16_t action = 0;      // written before the edge is published
  Proof proof = Proof::unknown;  // set once, sequentially consistent
};
static_assert(sizeof(Edge) == 32);

inline constexpr int kInlineEdges = 3;

struct alignas(32) Node {
  Link more = kNoLink;            // first EdgeBlock; written under lock, published by `opened`
  float visited_prior = 0;        // sum of the priors of opened edges; written under lock, relaxed
  float next_prior = 0;           // greatest prior not opened; written under lock, relaxed
  std::uint16_t next_index = 0;   // its index in priors[]; written under lock, relaxed
  std::uint16_t num_actions = 0;  // constant once the node is published
  std::uint16_t opened = 0;       // edges in use; release store under lock, acquire load
  std::uint8_t lock = 0;          // SpinGuard: opening an edge, and the priors[] below
  Edge edges[kInlineEdges];       // followed by float priors[n], uint16_t actions[n]

  /// Legal order; kOpened marks those that have an edge (which then holds the prior).
  std::span<float> priors() { return {reinterpret_cast<float*>(this + 1), num_actions}; }
  /// Legal order, increasing; constant.
  std::span<const std::uint16_t> actions() const {
    const auto* priors_end = reinterpret_cast<const float*>(this + 1) + num_actions;
    return {reinterpret_cast<const std::uint16_t*>(priors_end), num_actions};
  }
};
static_assert(sizeof(Node) == 128);
inline constexpr float kOpened = -1.0f;

struct alignas(32) EdgeBlock {
  Link more = kNoLink;         // as Node::more
  std::uint32_t capacity = 0;  // constant
  Edge* edges() { return reinterpret_cast<Edge*>(this + 1); }
};

/// The opened edges of a node, in the order in which they were opened: for (Edge& e : range).
class EdgeRange {
 public:
  class Iterator {
   public:
    Iterator(const Arena* arena, Node* node, int left)
        : arena_(arena),
          at_(node->edges),
          end_(at_ + kInlineEdges),
          more_(&node->more),
          left_(left) {}
    Edge& operator*() const { return *at_; }
    Iterator& operator++() {
      if (--left_ > 0 && ++at_ == end_) next_block();
      return *this;
    }
    bool operator!=(std::nullptr_t) const { return left_ > 0; }

   private:
    void next_block() {
      auto* block = reinterpret_cast<EdgeBlock*>(arena_->at(*more_));
      at_ = block->edges();
      end_ = at_ + block->capacity;
      more_ = &block->more;
    }
    const Arena* arena_;
    Edge* at_;
    Edge* end_;
    const Link* more_;  // read only when `left_` says that the block is published
    int left_;
  };

  EdgeRange(const Arena* arena, Node* node, int count)
      : arena_(arena), node_(node), count_(count) {}
  Iterator begin() const { return {arena_, node_, count_}; }
  std::nullptr_t end() const { return nullptr; }
  int size() const { return count_; }

 private:
  const Arena* arena_;
  Node* node_;
  int count_;
};

class Tree {
 public:
  explicit Tree(std::size_t max_bytes);

  void set_max_bytes(std::size_t max_bytes);
  /// Cursors for threads 0 .. threads - 1. Not while a search runs.
  void reserve_threads(int threads);

  /// An empty tree: a root never visited.
  void clear();
  /// Makes the position behind `action` the root. Keeps what lies below it, copied into fresh
  /// memory: the cost is that of the kept part alone.
  void advance(envs::Action action);

  Edge& root() { return root_; }
  const Edge& root() const { return root_; }
  /// The edge must be EXPANDED.
  Node& node(Link link) const { return *reinterpret_cast<Node*>(arena_.at(link)); }
  /// Null unless the root is expanded.
  Node* root_node() const { return is_node(root_.child) ? &node(root_.child) : nullptr; }
  static bool is_node(Link link) { return link >= kFirstLink; }

  template <Sharing S>
  EdgeRange edges(Node& node) const {
    return {&arena_, &node, load<S>(node.opened, std::memory_order_acquire)};
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
  /// Gives an edge to the unopened action of greatest prior (ties: the lowest action); null if none
  /// is left or at the memory bound.
  template <Sharing S>
  Edge* open_next(Node& node, int thread);

  /// Where the prior of each legal action is stored now. Not while a search runs.
  std::vector<float*> prior_slots(Node& node) const;
  /// To be called after priors were changed through prior_slots().
  void priors_changed(Node& node) const;

  std::size_t bytes() const { return arena_.bytes_in_use() + spare_.bytes_in_use(); }

 private:
  Edge* append_edge(Node& node, Arena::Cursor& cursor);
  Link copy_subtree(Link from);
  void copy_edges(Node& from, Node& to, EdgeBlock* overflow);

  Arena arena_, spare_;                 // spare_ is empty except within advance()
  std::vector<Arena::Cursor> cursors_;  // into arena_, one per thread
  Arena::Cursor spare_cursor_;
  Edge root_;
};

}  // namespace tengen::mcts
