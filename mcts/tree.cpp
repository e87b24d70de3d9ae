#include "mcts/tree.hpp"

#include <smmintrin.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <new>

#include "engine/base/check.hpp"

namespace tengen::mcts {
namespace {

/// The greatest prior not opened. Non-negative floats order like their bits, as integers, and
/// kOpened is a negative one: the compiler turns the loop into integer vector code.
float greatest_prior(Node& node) {
  std::int32_t best = std::bit_cast<std::int32_t>(kOpened);
  for (const float prior : node.priors()) best = std::max(best, std::bit_cast<std::int32_t>(prior));
  return std::bit_cast<float>(best);
}

/// Index of the action that is opened next. The priors are aligned, and what lies behind them, the
/// actions, may be read: a match comes before.
std::size_t next_index(Node& node) {
  const auto* priors = reinterpret_cast<const __m128i*>(node.priors().data());
  const __m128i wanted = _mm_set1_epi32(std::bit_cast<std::int32_t>(node.next_prior));
  for (std::size_t i = 0;; i += 4) {
    const __m128i same = _mm_cmpeq_epi32(_mm_load_si128(priors + i / 4), wanted);
    const int lanes = _mm_movemask_ps(_mm_castsi128_ps(same));
    if (lanes != 0) return i + std::countr_zero(static_cast<unsigned>(lanes));
  }
}

}  // namespace

Tree::Tree(std::size_t max_bytes, bool graph) : graph_(graph), arena_(0), cursors_(1) {
  set_max_bytes(max_bytes);
}

bool Tree::set_max_bytes(std::size_t max_bytes) {
  if (max_bytes == max_bytes_) return true;
  max_bytes_ = max_bytes;
  const std::size_t table_bytes = graph_ ? max_bytes / 16 : 0;
  const std::size_t tree_bytes = (max_bytes - table_bytes) / 2;
  const bool fits = arena_.bytes_in_use() <= tree_bytes;
  if (!fits) clear();
  transpositions_.set_max_bytes(table_bytes);
  bytes_by_visits_.clear();  // a count that was begun is void
  arena_.set_limit(tree_bytes);
  return fits;
}

void Tree::reserve_threads(int threads) {
  cursors_.resize(std::max<std::size_t>(cursors_.size(), threads));
}

void Tree::clear() {
  arena_.clear();
  pending_.clear();
  bytes_by_visits_.clear();
  transpositions_.clear();
  std::fill(cursors_.begin(), cursors_.end(), Arena::Cursor{});
  root_ = EdgeGroup{};
}

template <Sharing S>
bool Tree::expand(Edge& leaf, std::span<const envs::Action> actions, std::span<const float> priors,
                  int thread) {
  const Link link = arena_.allocate(cursors_[thread], Node::bytes(actions.size()));
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
  store<S>(leaf.child, link, std::memory_order_release);
  return true;
}

template <Sharing S>
EdgeRef Tree::open_next(Node& node, int thread) {
  const SpinGuard<S> guard(node.lock);
  if (node.opened == node.num_actions) return {};
  const EdgeRef edge = append_edge(node, cursors_[thread]);
  if (!edge) return {};
  if (node.opened == 0) store<S>(node.next_prior, greatest_prior(node));
  const std::size_t index = next_index(node);
  *edge = Edge{.prior = node.next_prior, .action = node.actions()[index]};
  refresh<S>(edge);
  node.priors()[index] = kOpened;

  store<S>(node.visited_prior, node.visited_prior + edge->prior);
  store<S>(node.next_prior, greatest_prior(node));
  store<S>(node.opened, static_cast<std::uint16_t>(node.opened + 1), std::memory_order_release);
  return edge;
}

Link Tree::allocate_block(Arena::Cursor& cursor, std::uint32_t groups) {
  const Link link = arena_.allocate(cursor, sizeof(EdgeBlock) + groups * sizeof(EdgeGroup));
  if (link == kNoLink) return kNoLink;
  auto& block = *new (arena_.at(link)) EdgeBlock{.groups = groups};
  std::uninitialized_value_construct(block.begin(), block.end());
  return link;
}

/// Room for one more edge behind the opened ones. Under the node's lock; none at the bound.
EdgeRef Tree::append_edge(Node& node, Arena::Cursor& cursor) {
  const int lane = node.opened % kGroupSize;
  std::uint32_t group = node.opened / kGroupSize;
  if (group == 0) return {node.first, lane};
  --group;
  Link* more = &node.more;
  for (std::uint32_t groups = 2;; groups *= 2) {
    if (*more == kNoLink) {
      const std::uint32_t left = node.num_actions - node.opened;
      *more = allocate_block(cursor, std::min(groups, groups_for(left)));
      if (*more == kNoLink) return {};
    }
    auto& block = *reinterpret_cast<EdgeBlock*>(arena_.at(*more));
    if (group < block.groups) return {block.begin()[group], lane};
    group -= block.groups;
    more = &block.more;
  }
}

// Two threads that prove its last two actions at once both look at all: sequential consistency lets
// one see it.
template <Sharing S>
Proof Tree::proof_by_children(Node& node) const {
  const EdgeRange children = edges<S>(node);
  bool all_proven = children.size() == node.num_actions;
  Proof best = Proof::loss;
  for (const Edge& edge : children) {
    const Proof proof = load<S>(edge.proof, std::memory_order_seq_cst);
    if (proof == Proof::win) return Proof::win;
    all_proven = all_proven && proof != Proof::unknown;
    if (proof == Proof::draw) best = Proof::draw;
  }
  return all_proven ? best : Proof::unknown;
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
  const EdgeRange range = edges<Sharing::single>(node);
  for (auto edge = range.begin(); edge != range.end(); ++edge) {
    node.visited_prior += (*edge).prior;
    refresh<Sharing::single>(edge.ref());
  }
  node.next_prior = greatest_prior(node);
}

template bool Tree::expand<Sharing::single>(Edge&, std::span<const envs::Action>,
                                            std::span<const float>, int);
template bool Tree::expand<Sharing::shared>(Edge&, std::span<const envs::Action>,
                                            std::span<const float>, int);
template Proof Tree::proof_by_children<Sharing::single>(Node&) const;
template Proof Tree::proof_by_children<Sharing::shared>(Node&) const;
template EdgeRef Tree::open_next<Sharing::single>(Node&, int);
template EdgeRef Tree::open_next<Sharing::shared>(Node&, int);

}  // namespace tengen::mcts
