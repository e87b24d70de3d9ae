// Tree: the copy of what is kept, in steps.
#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "engine/base/check.hpp"
#include "mcts/tree.hpp"

namespace tengen::mcts {
namespace {

/// Numbers of visits in buckets: each for itself below 8, then eight to each power of two.
constexpr int kBuckets = 8 * 30;
int bucket_of(std::uint32_t visits) {
  const int shift = std::max(0, static_cast<int>(std::bit_width(visits)) - 4);
  return 8 * shift + static_cast<int>(visits >> shift);
}
/// The least number in a bucket.
std::uint64_t least_visits(int bucket) {
  const int shift = std::max(0, bucket / 8 - 1);
  return static_cast<std::uint64_t>(bucket - 8 * shift) << shift;
}

/// Nodes are counted so much faster than moved.
constexpr std::size_t kCountsPerMove = 4;

std::size_t block_bytes(std::uint32_t opened) {
  return opened > kGroupSize ? sizeof(EdgeBlock) + (groups_for(opened) - 1) * sizeof(EdgeGroup) : 0;
}

}  // namespace

void Tree::advance(envs::Action action) {
  EdgeGroup kept;
  if (Node* node = root_node())
    for (const Edge& edge : edges<Sharing::single>(*node))
      if (edge.action == action && is_node(edge.child)) kept.edges[0] = edge;
  if (!is_node(kept.edges[0].child)) return clear();
  DCHECK(kept.edges[0].pending == 0);

  begin_moving(kept, 0);
  if (!is_node(root().child)) clear();
}

bool Tree::wants_recycling() const {
  return arena_.has_old() || (full() && arena_.limit() >= 4 * cursors_.size() * Arena::kSlabBytes);
}

void Tree::recycle() { arena_.has_old() ? move_some() : count_some(); }

void Tree::count_some() {
  std::size_t done = 0;
  if (bytes_by_visits_.empty()) {
    bytes_by_visits_.resize(kBuckets);
    pending_.clear();
    done = count_bytes(root());
  }
  while (!pending_.empty() && (graph_ || done < kCountsPerMove * kStepBytes)) {
    Node& at = node(pending_.back());
    pending_.pop_back();
    for (const Edge& edge : edges<Sharing::single>(at)) done += count_bytes(edge);
  }
  if (!pending_.empty()) return;
  int bucket = kBuckets;  // the first that is kept
  for (std::size_t kept = 0;
       bucket > 0 && kept + bytes_by_visits_[bucket - 1] <= arena_.limit() / 2;)
    kept += bytes_by_visits_[--bucket];
  const std::uint64_t least = std::min<std::uint64_t>(least_visits(bucket), root().visits);
  begin_moving(root_, static_cast<std::uint32_t>(least));
}

/// The bytes of the node behind `from`, by the visits of this edge. Those below it are pending.
std::size_t Tree::count_bytes(const Edge& from) {
  if (!is_node(from.child)) return 0;
  Node& at = node(from.child);
  if (graph_ && std::exchange(at.lock, 1)) return 0;  // counted already; the copies are unlocked
  const std::size_t bytes = Node::bytes(at.num_actions) + block_bytes(at.opened);
  bytes_by_visits_[bucket_of(from.visits)] += bytes;
  pending_.push_back(from.child);
  return bytes;
}

/// Goes on with a copy of the nodes below `root` that have at least so many visits. Beside a copy
/// that is not finished, what it has moved stays where it is.
void Tree::begin_moving(const EdgeGroup& root, std::uint32_t least_visits) {
  bytes_by_visits_.clear();
  pending_.clear();
  if (!arena_.has_old()) {
    arena_.begin_generation();
    std::fill(cursors_.begin(), cursors_.end(), Arena::Cursor{});
  }
  least_visits_ = least_visits;
  root_ = root;
  move_node(root_.edges[0]);
  move_some();
}

void Tree::move_some() {
  for (std::size_t done = 0; !pending_.empty() && (graph_ || done < kStepBytes);) {
    Node& at = node(pending_.back());
    pending_.pop_back();
    for (Edge& edge : edges<Sharing::single>(at)) done += move_node(edge);
  }
  if (pending_.empty()) finish_moving();
}

/// Moves the node behind `edge`, if it is an old one, and returns its bytes. Those below it are
/// pending. Where the copy finds no memory, the edge becomes a leaf again.
std::size_t Tree::move_node(Edge& edge) {
  if (!is_node(edge.child)) return 0;
  if (!arena_.is_old(edge.child)) {  // old ones may lie below it
    pending_.push_back(edge.child);
    return Node::bytes(node(edge.child).num_actions);
  }
  Node& from = node(std::exchange(edge.child, kNoLink));
  if (edge.visits < least_visits_) return 0;
  if (from.moved()) {  // in a graph, on another path
    edge.child = from.more;
    return 0;
  }
  const Link copy = copy_node(from);
  if (copy == kNoLink) return 0;
  const std::size_t bytes = Node::bytes(from.num_actions) + block_bytes(from.opened);
  from.move_to(copy);
  edge.child = copy;
  pending_.push_back(copy);
  return bytes;
}

/// With all edges beyond the first four in one block.
Link Tree::copy_node(Node& from) {
  const std::size_t bytes = Node::bytes(from.num_actions);
  const Link copy = arena_.allocate(cursors_[0], bytes);
  if (copy == kNoLink) return kNoLink;
  auto& to = *reinterpret_cast<Node*>(arena_.at(copy));
  std::memcpy(static_cast<void*>(&to), &from, bytes);
  to.more = kNoLink;
  to.lock = 0;
  if (from.opened > kGroupSize) {
    to.more = allocate_block(cursors_[0], groups_for(from.opened) - 1);
    if (to.more == kNoLink) return kNoLink;
  }
  GroupWalk sources = groups(from), targets = groups(to);
  for (int left = from.opened; left > 0; left -= kGroupSize) targets.next() = sources.next();
  return copy;
}

void Tree::finish_moving() {
  transpositions_.follow(
      [this](Link link) { return node(link).moved() ? node(link).more : kNoLink; });
  arena_.drop_old();
}

}  // namespace tengen::mcts
