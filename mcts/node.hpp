// A node of the search tree: a position that was evaluated.
//
// Most nodes of a tree are visited once, and of most others only few actions are ever tried. So a
// node keeps all its legal actions compactly, 6 bytes each, and "opens" an action, giving it an
// edge (edge.hpp), when selection first wants it. All unopened actions share one Q (first-play
// urgency), so the best of them is the one with the greatest prior, which the node remembers:
// selection reads the opened edges and that one number, nothing else.
//
//   Node, 192 bytes                                    EdgeBlock: 2, then 4, 8, ... groups
//   +--------+-------------+-----------+---------+     +--------+---------------------+---
//   | header | edges 0 - 3 | priors[n] | actions |     | header | edges 4 - 7, 8 - 11 | ...
//   +--------+-------------+-----------+---------+     +--------+---------------------+---
//     | more ------------------------------------------> | more ------------------------->
//
// Edges never move while a search runs, so a path is a list of references to them.
// Limits: actions below 65536, at most 40,000 legal ones in a position.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "mcts/arena.hpp"
#include "mcts/edge.hpp"

namespace tengen::mcts {

struct alignas(32) Node {
  Link more = kNoLink;            // first EdgeBlock; written under lock, published by `opened`
  float visited_prior = 0;        // sum of the priors of opened edges; written under lock, relaxed
  float next_prior = 0;           // greatest prior not opened, once one is; likewise
  std::uint16_t num_actions = 0;  // constant once the node is published
  std::uint16_t opened = 0;       // edges in use; release store under lock, acquire load
  std::uint8_t lock = 0;          // SpinGuard: opening an edge, and the priors[] below
  // In a graph alone (graph.hpp), for the side to move in the node:
  Proof proof = Proof::unknown;
  std::uint32_t visits = 0;
  float own_value = 0, value = 0;
  EdgeGroup first;  // followed by float priors[n], uint16_t actions[n]

  /// With the arrays behind it.
  static std::size_t bytes(std::size_t num_actions) {
    return sizeof(Node) + num_actions * (sizeof(float) + sizeof(std::uint16_t));
  }
  /// What is left of a node that was copied to other memory: where it is now.
  void move_to(Link copy) { more = copy, num_actions = kMoved; }
  bool moved() const { return num_actions == kMoved; }
  static constexpr std::uint16_t kMoved = 65535;

  /// Legal order; kOpened marks those that have an edge (which then holds the prior).
  std::span<float> priors() { return {reinterpret_cast<float*>(this + 1), num_actions}; }
  /// Legal order, increasing; constant.
  std::span<const std::uint16_t> actions() const {
    const auto* priors_end = reinterpret_cast<const float*>(this + 1) + num_actions;
    return {reinterpret_cast<const std::uint16_t*>(priors_end), num_actions};
  }
};
static_assert(sizeof(Node) == 192);
inline constexpr float kOpened = -1.0f;

struct alignas(32) EdgeBlock {
  Link more = kNoLink;       // as Node::more
  std::uint32_t groups = 0;  // constant
  EdgeGroup* begin() { return reinterpret_cast<EdgeGroup*>(this + 1); }
  EdgeGroup* end() { return begin() + groups; }
};

/// Groups that so many edges fill.
inline std::uint32_t groups_for(std::uint32_t edges) {
  return (edges + kGroupSize - 1) / kGroupSize;
}

/// The edge groups of a node one after the other; it is the caller who knows how many are in use.
class GroupWalk {
 public:
  GroupWalk(const Arena& arena, Node& node)
      : arena_(&arena), at_(&node.first), end_(at_ + 1), more_(&node.more) {}
  EdgeGroup& next() {
    if (at_ == end_) enter_block();
    return *at_++;
  }

 private:
  void enter_block() {
    auto& block = *reinterpret_cast<EdgeBlock*>(arena_->at(*more_));
    at_ = block.begin();
    end_ = block.end();
    more_ = &block.more;
  }
  const Arena* arena_;
  EdgeGroup* at_;
  EdgeGroup* end_;
  const Link* more_;  // read only where a group in use lies behind it, which publishes it
};

/// The opened edges of a node, in the order in which they were opened: for (Edge& e : range).
class EdgeRange {
 public:
  class Iterator {
   public:
    Iterator(const GroupWalk& walk, int left) : walk_(walk), left_(left) {
      if (left > 0) group_ = &walk_.next();
    }
    Edge& operator*() const { return *ref(); }
    EdgeRef ref() const { return {*group_, lane_}; }
    Iterator& operator++() {
      if (--left_ > 0 && ++lane_ == kGroupSize) {
        group_ = &walk_.next();
        lane_ = 0;
      }
      return *this;
    }
    bool operator!=(std::nullptr_t) const { return left_ > 0; }

   private:
    GroupWalk walk_;
    EdgeGroup* group_ = nullptr;
    int lane_ = 0;
    int left_;
  };

  EdgeRange(const GroupWalk& walk, int count) : walk_(walk), count_(count) {}
  Iterator begin() const { return {walk_, count_}; }
  std::nullptr_t end() const { return nullptr; }
  int size() const { return count_; }

 private:
  GroupWalk walk_;
  int count_;
};

}  // namespace tengen::mcts
