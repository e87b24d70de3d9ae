#include "mcts/walker.hpp"

#include <limits>

#include "engine/base/check.hpp"
#include "mcts/puct.hpp"

namespace tengen::mcts {
namespace {

/// Mean value of the visits for the chooser; visits under way count as losses.
float mean_value(FixedValue sum, std::uint32_t visits, std::uint32_t pending) {
  const FixedValue losses = static_cast<FixedValue>(pending) * to_fixed(1);
  return static_cast<float>(sum - losses) / kFixedOne / static_cast<float>(visits + pending);
}

/// The best action seen so far; equal scores go to the lower action.
struct Best {
  float score = -std::numeric_limits<float>::infinity();
  std::uint16_t action = 0;
  Edge* edge = nullptr;

  bool loses_to(float other, std::uint16_t other_action) const {
    return other > score || (other == score && other_action < action);
  }
};

}  // namespace

template <Sharing S>
typename Walker<S>::Leaf& Walker<S>::free_leaf(const envs::State& root) {
  if (static_cast<std::size_t>(waiting_) == leaves_.size()) {
    leaves_.push_back(std::make_unique<Leaf>());
    leaves_.back()->state = root.clone();
  }
  return *leaves_[waiting_];
}

template <Sharing S>
WalkEnd Walker<S>::walk(const envs::State& root, std::vector<EvalItem>& batch) {
  Leaf& leaf = free_leaf(root);
  if (!descend(leaf.path)) {
    abandon(leaf.path);
    return WalkEnd::collision;
  }
  Edge& last = *leaf.path.back();
  const Proof proof = load<S>(last.proof);
  if (proof != Proof::unknown) {
    backup(leaf.path, to_fixed(proof_value(proof)));
    return WalkEnd::resolved;
  }
  leaf.state->copy_from(root);
  for (std::size_t i = 1; i < leaf.path.size(); ++i) leaf.state->apply(leaf.path[i]->action);
  if (leaf.state->is_terminal()) {
    const int mover = root.current_player();
    const bool last_by_mover = leaf.path.size() % 2 == 0;  // path[1] is the mover's
    resolve_terminal(leaf, leaf.state->returns(last_by_mover ? mover : 1 - mover));
    return WalkEnd::resolved;
  }
  leaf.state->legal_actions(leaf.actions);
  leaf.priors.resize(leaf.actions.size());
  batch.push_back({leaf.state.get(), leaf.actions, leaf.priors});
  ++waiting_;
  return WalkEnd::leaf;
}

/// Fills `path` down to a leaf, which is then claimed, or to a proven edge. False: a collision.
/// Virtual losses lie on the path in either case.
template <Sharing S>
bool Walker<S>::descend(Path& path) {
  path.clear();
  for (Edge* edge = &tree_.root();; edge = &select(*edge, path.size() == 1)) {
    path.push_back(edge);
    add<S>(edge->pending, static_cast<std::uint32_t>(config_.virtual_loss));
    if (load<S>(edge->proof) != Proof::unknown) return path.size() > 1;
    const Link child = load<S>(edge->child, std::memory_order_acquire);
    if (child == kNoLink && Tree::claim<S>(*edge)) return true;
    if (!Tree::is_node(load<S>(edge->child, std::memory_order_acquire))) return false;
  }
}

/// The edge of greatest PUCT score behind `from`. Proven losses are passed over.
template <Sharing S>
Edge& Walker<S>::select(const Edge& from, bool at_root) {
  Node& node = tree_.node(load<S>(from.child, std::memory_order_acquire));
  // Virtual losses of other walks count; this one's own, already on the path, must not.
  const std::uint32_t visits = load<S>(from.visits);
  const std::uint32_t others =
      load<S>(from.pending) - static_cast<std::uint32_t>(config_.virtual_loss);
  const float scale = exploration_scale(static_cast<float>(visits + others), config_);
  const float parent_q = visits == 0 ? 0.0f : -mean_value(load<S>(from.value_sum), visits, 0);
  const float fpu =
      first_play_urgency(parent_q, load<S>(node.visited_prior),
                         at_root ? config_.fpu_root_reduction : config_.fpu_reduction);
  Best best;
  const EdgeRange edges = tree_.edges<S>(node);
  for (Edge& edge : edges) {
    const Proof proof = load<S>(edge.proof);
    if (proof == Proof::loss) continue;
    const std::uint32_t n = load<S>(edge.visits), p = load<S>(edge.pending);
    const float q = proof == Proof::draw ? 0.0f
                    : n + p == 0         ? fpu
                                         : mean_value(load<S>(edge.value_sum), n, p);
    const float score = puct_score(q, edge.prior, static_cast<float>(n + p), scale);
    if (best.loses_to(score, edge.action)) best = {score, edge.action, &edge};
  }
  if (edges.size() == node.num_actions) return best.edge ? *best.edge : *edges.begin();
  const float next = puct_score(fpu, load<S>(node.next_prior), 0, scale);
  const std::uint16_t next_action = node.actions()[load<S>(node.next_index)];
  return best.loses_to(next, next_action) ? open_or(node, best.edge) : *best.edge;
}

/// Opens the next action of the node. Where that cannot be (the memory bound, or another thread
/// opened the last one just now): `best`, or else some edge, even a proven loss.
template <Sharing S>
Edge& Walker<S>::open_or(Node& node, Edge* best) {
  if (Edge* edge = tree_.open_next<S>(node, thread_)) return *edge;
  return best != nullptr ? *best : *tree_.edges<S>(node).begin();
}

template <Sharing S>
void Walker<S>::absorb(std::span<const EvalItem> items) {
  CHECK_INVARIANT(static_cast<int>(items.size()) == waiting_);
  for (const EvalItem& item : items) {
    const Leaf& leaf = *leaves_[&item - items.data()];
    tree_.expand<S>(*leaf.path.back(), item.actions, item.priors, thread_);
    backup(leaf.path, -to_fixed(item.value));
  }
  waiting_ = 0;
}

template <Sharing S>
void Walker<S>::cancel() {
  for (int i = 0; i < waiting_; ++i) {
    Tree::release<S>(*leaves_[i]->path.back());
    abandon(leaves_[i]->path);
  }
  waiting_ = 0;
}

/// `value` is for the chooser of the last edge, the terminal position's result.
template <Sharing S>
void Walker<S>::resolve_terminal(Leaf& leaf, float value) {
  Edge& last = *leaf.path.back();
  if (config_.use_solver) store<S>(last.proof, proof_of_result(value), std::memory_order_seq_cst);
  Tree::release<S>(last);
  backup(leaf.path, to_fixed(value));
}

/// `value` is for the chooser of the last edge; it flips at each ply, and becomes exact where the
/// visit proves something. Takes the virtual losses off.
template <Sharing S>
void Walker<S>::backup(const Path& path, FixedValue value) {
  bool proven_below = false;
  for (std::size_t i = path.size(); i-- > 0; value = -value) {
    Edge& edge = *path[i];
    if (proven_below && config_.use_solver) prove_from_children(edge);
    const Proof proof = load<S>(edge.proof);
    proven_below = proof != Proof::unknown;
    if (proven_below) value = to_fixed(proof_value(proof));
    add<S>(edge.value_sum, value);
    add<S>(edge.visits, std::uint32_t{1});
    add<S>(edge.pending, -static_cast<std::uint32_t>(config_.virtual_loss));
  }
}

/// The node behind `edge` is won if one of its actions wins, decided if all are. Two threads that
/// prove its last two actions at once both look at all: sequential consistency lets one see it.
template <Sharing S>
void Walker<S>::prove_from_children(Edge& edge) {
  Node& node = tree_.node(load<S>(edge.child, std::memory_order_acquire));
  const EdgeRange edges = tree_.edges<S>(node);
  bool all_proven = edges.size() == node.num_actions;
  Proof best = Proof::loss;
  for (const Edge& action : edges) {
    const Proof proof = load<S>(action.proof, std::memory_order_seq_cst);
    if (proof == Proof::win) {
      store<S>(edge.proof, Proof::loss, std::memory_order_seq_cst);
      return;
    }
    all_proven = all_proven && proof != Proof::unknown;
    if (proof == Proof::draw) best = Proof::draw;
  }
  if (all_proven) store<S>(edge.proof, flipped(best), std::memory_order_seq_cst);
}

template <Sharing S>
void Walker<S>::abandon(const Path& path) {
  for (Edge* edge : path) add<S>(edge->pending, -static_cast<std::uint32_t>(config_.virtual_loss));
}

template class Walker<Sharing::single>;
template class Walker<Sharing::shared>;

}  // namespace tengen::mcts
