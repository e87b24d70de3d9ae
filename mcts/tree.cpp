#include "mcts/tree.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <utility>

#include "engine/base/check.hpp"

namespace tengen::mcts {
namespace {

std::size_t node_bytes(std::size_t actions) {
  return sizeof(Node) + actions * (sizeof(float) + sizeof(std::uint16_t));
}

/// Finds what selection may want to open next and writes it to the node. Non-negative floats order
/// like their bits, as integers, and kOpened is a negative one: the compiler turns the loop into
/// integer vector code.
template <Sharing S>
void find_next(Node& node) {
  const std::span<const float> priors = node.priors();
  std::int32_t best = -1;
  for (const float prior : priors) best = std::max(best, std::bit_cast<std::int32_t>(prior));
  if (best < 0) return;  // all opened
  const float prior = std::bit_cast<float>(best);
  const auto index = std::find(priors.begin(), priors.end(), prior) - priors.begin();
  store<S>(node.next_prior, prior);
  store<S>(node.next_index, static_cast<std::uint16_t>(index));
}

}  // namespace

Tree::Tree(std::size_t max_bytes) : arena_(max_bytes / 2), spare_(max_bytes / 2), cursors_(1) {}

void Tree::set_max_bytes(std::size_t max_bytes) {
  arena_.set_limit(max_bytes / 2);
  spare_.set_limit(max_bytes / 2);
}

void Tree::reserve_threads(int threads) {
  cursors_.resize(std::max<std::size_t>(cursors_.size(), threads));
}

void Tree::clear() {
  arena_.clear();
  std::fill(cursors_.begin(), cursors_.end(), Arena::Cursor{});
  root_ = Edge{};
}

template <Sharing S>
bool Tree::expand(Edge& leaf, std::span<const envs::Action> actions, std::span<const float> priors,
                  int thread) {
  const Link link = arena_.allocate(cursors_[thread], node_bytes(actions.size()));
  if (link == kNoLink) {
    release<S>(leaf);
    return false;
  }
  Node& node = *new (arena_.at(link)) Node{};
  node.num_actions = static_cast<std::uint16_t>(actions.size());
  // Adding zero turns -0, which would look opened, into 0.
  std::transform(priors.begin(), priors.end(), node.priors().begin(),
                 [](float prior) { return prior + 0.0f; });
  auto* out = const_cast<std::uint16_t*>(node.actions().data());
  std::transform(actions.begin(), actions.end(), out,
                 [](envs::Action action) { return static_cast<std::uint16_t>(action); });
  find_next<Sharing::single>(node);  // not published yet
  store<S>(leaf.child, link, std::memory_order_release);
  return true;
}

template <Sharing S>
Edge* Tree::open_next(Node& node, int thread) {
  const SpinGuard<S> guard(node.lock);
  if (node.opened == node.num_actions) return nullptr;
  Edge* edge = append_edge(node, cursors_[thread]);
  if (edge == nullptr) return nullptr;
  float& prior = node.priors()[node.next_index];
  new (edge) Edge{.prior = prior, .action = node.actions()[node.next_index]};
  prior = kOpened;

  store<S>(node.visited_prior, node.visited_prior + edge->prior);
  find_next<S>(node);
  store<S>(node.opened, static_cast<std::uint16_t>(node.opened + 1), std::memory_order_release);
  return edge;
}

/// Room for one more edge behind the opened ones. Under the node's lock; null at the bound.
Edge* Tree::append_edge(Node& node, Arena::Cursor& cursor) {
  std::uint32_t index = node.opened;
  if (index < kInlineEdges) return &node.edges[index];
  index -= kInlineEdges;
  Link* more = &node.more;
  for (std::uint32_t capacity = 7;; capacity = 2 * capacity + 1) {
    if (*more == kNoLink) {
      const std::uint32_t left = node.num_actions - node.opened;
      capacity = std::min(capacity, left);
      const Link link = arena_.allocate(cursor, sizeof(EdgeBlock) + capacity * sizeof(Edge));
      if (link == kNoLink) return nullptr;
      new (arena_.at(link)) EdgeBlock{.capacity = capacity};
      *more = link;
    }
    auto& block = *reinterpret_cast<EdgeBlock*>(arena_.at(*more));
    if (index < block.capacity) return block.edges() + index;
    index -= block.capacity;
    more = &block.more;
  }
}

void Tree::advance(envs::Action action) {
  Edge kept;
  if (Node* node = root_node())
    for (const Edge& edge : edges<Sharing::single>(*node))
      if (edge.action == action && is_node(edge.child)) kept = edge;
  if (!is_node(kept.child)) return clear();
  DCHECK(kept.pending == 0);

  spare_cursor_ = {};
  kept.child = copy_subtree(kept.child);
  swap(arena_, spare_);
  std::fill(cursors_.begin(), cursors_.end(), Arena::Cursor{});
  cursors_[0] = spare_cursor_;
  spare_.clear();
  root_ = is_node(kept.child) ? kept : Edge{};
}

/// Depth first. Where the copy finds no memory (a lowered bound), the edge becomes a leaf again.
Link Tree::copy_subtree(Link link) {
  if (!is_node(link)) return kNoLink;
  Node& from = node(link);
  const std::size_t bytes = node_bytes(from.num_actions);
  const std::uint32_t overflow = from.opened > kInlineEdges ? from.opened - kInlineEdges : 0;
  const Link copy = spare_.allocate(spare_cursor_, bytes);
  if (copy == kNoLink) return kNoLink;
  auto& to = *reinterpret_cast<Node*>(spare_.at(copy));
  std::memcpy(static_cast<void*>(&to), &from, bytes);
  to.more = kNoLink;
  EdgeBlock* block = nullptr;
  if (overflow > 0) {
    const Link more = spare_.allocate(spare_cursor_, sizeof(EdgeBlock) + overflow * sizeof(Edge));
    if (more == kNoLink) return kNoLink;
    block = new (spare_.at(more)) EdgeBlock{.capacity = overflow};
    to.more = more;
  }
  copy_edges(from, to, block);
  return copy;
}

void Tree::copy_edges(Node& from, Node& to, EdgeBlock* overflow) {
  int index = 0;
  for (const Edge& edge : edges<Sharing::single>(from)) {
    Edge* out = index < kInlineEdges ? &to.edges[index] : overflow->edges() + index - kInlineEdges;
    new (out) Edge(edge);
    out->child = copy_subtree(edge.child);
    ++index;
  }
}

std::vector<float*> Tree::prior_slots(Node& node) const {
  std::vector<float*> slots(node.num_actions);
  const std::span<const std::uint16_t> actions = node.actions();
  for (int i = 0; i < node.num_actions; ++i) slots[i] = &node.priors()[i];
  for (Edge& edge : edges<Sharing::single>(node))
    slots[std::lower_bound(actions.begin(), actions.end(), edge.action) - actions.begin()] =
        &edge.prior;
  return slots;
}

void Tree::priors_changed(Node& node) const {
  node.visited_prior = 0;
  for (const Edge& edge : edges<Sharing::single>(node)) node.visited_prior += edge.prior;
  find_next<Sharing::single>(node);
}

template bool Tree::expand<Sharing::single>(Edge&, std::span<const envs::Action>,
                                            std::span<const float>, int);
template bool Tree::expand<Sharing::shared>(Edge&, std::span<const envs::Action>,
                                            std::span<const float>, int);
template Edge* Tree::open_next<Sharing::single>(Node&, int);
template Edge* Tree::open_next<Sharing::shared>(Node&, int);

}  // namespace tengen::mcts
