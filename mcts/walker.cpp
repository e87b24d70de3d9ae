#include "mcts/walker.hpp"

#include <algorithm>
#include <limits>

#include "engine/base/check.hpp"
#include "mcts/graph.hpp"
#include "mcts/puct.hpp"
#include "mcts/root_priors.hpp"

namespace tengen::mcts {
namespace {

/// The greatest score so far, lane by lane, and the index of the edge that has it.
struct BestOfLanes {
  __m128 score = _mm_set1_ps(kNever);
  __m128i index = _mm_setr_epi32(0, 1, 2, 3);
  __m128i next_index = index;

  void add(__m128 group_scores) {
    const __m128 better = _mm_cmpgt_ps(group_scores, score);
    score = _mm_max_ps(score, group_scores);
    index = _mm_blendv_epi8(index, next_index, _mm_castps_si128(better));
    next_index = _mm_add_epi32(next_index, _mm_set1_epi32(kGroupSize));
  }
  __m128 greatest() const {
    const __m128 pairs = _mm_max_ps(score, _mm_shuffle_ps(score, score, _MM_SHUFFLE(1, 0, 3, 2)));
    return _mm_max_ps(pairs, _mm_shuffle_ps(pairs, pairs, _MM_SHUFFLE(2, 3, 0, 1)));
  }
  /// Of the lanes with the greatest score; equal ones give the lowest.
  int index_of_greatest() const {
    const __m128i worse = _mm_castps_si128(_mm_cmplt_ps(score, greatest()));
    const __m128i last = _mm_set1_epi32(std::numeric_limits<int>::max());
    const __m128i lanes = _mm_blendv_epi8(index, last, worse);
    const __m128i pairs = _mm_min_epi32(lanes, _mm_shuffle_epi32(lanes, _MM_SHUFFLE(1, 0, 3, 2)));
    return _mm_cvtsi128_si32(
        _mm_min_epi32(pairs, _mm_shuffle_epi32(pairs, _MM_SHUFFLE(2, 3, 0, 1))));
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
  mark_waiting();
  Leaf& leaf = free_leaf(root);
  if (!descend(leaf.path)) {
    unmark(leaf.path, own_marks());
    return WalkEnd::collision;
  }
  const Edge& last = *leaf.path.back();
  const Proof proof = load<S>(last.proof);
  if (proof != Proof::unknown) {
    backup(leaf.path, to_fixed(proof_value(proof)), own_marks());
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
  if (config_.graph && meet(leaf)) return WalkEnd::resolved;
  leaf.state->legal_actions(leaf.actions);
  leaf.priors.resize(leaf.actions.size());
  const bool average = config_.average_root && leaf.path.size() == 1;
  batch.push_back({leaf.state.get(), leaf.actions, leaf.priors, 0, average});
  ++waiting_;
  return WalkEnd::leaf;
}

/// Changes the virtual visits on an edge.
template <Sharing S>
void Walker<S>::mark(EdgeRef edge, std::uint32_t change) {
  add<S>(edge->pending, change);
  refresh<S>(edge);
}

/// Virtual visits are for the walks of others and for the next ones of this walker. Where there are
/// no others, the path of a leaf gets them when the next walk begins, if there is one.
template <Sharing S>
void Walker<S>::mark_waiting() {
  if constexpr (S == Sharing::shared) return;
  for (; marked_ < waiting_; ++marked_)
    for (const EdgeRef edge : leaves_[marked_]->path) mark(edge, virtual_visits());
}

/// Fills `path` down to a leaf, which is then claimed, or to a proven edge. False: a collision.
/// Virtual visits lie on the path in either case, if there are other walkers.
template <Sharing S>
bool Walker<S>::descend(Path& path) {
  path.clear();
  for (EdgeRef edge = tree_.root_ref();; edge = select(*edge, path.size() == 1)) {
    path.push_back(edge);
    if constexpr (S == Sharing::shared) mark(edge, virtual_visits());
    if (load<S>(edge->proof) != Proof::unknown) return path.size() > 1;
    const Link child = load<S>(edge->child, std::memory_order_acquire);
    if (child == kNoLink && Tree::claim<S>(*edge)) return true;
    if (!Tree::is_node(load<S>(edge->child, std::memory_order_acquire))) return false;
  }
}

/// The edge that a simulation takes from the node behind `from`. Proven losses are passed over.
template <Sharing S>
EdgeRef Walker<S>::select(const Edge& from, bool at_root) {
  Node& node = tree_.node(load<S>(from.child, std::memory_order_acquire));
  const int opened = load<S>(node.opened, std::memory_order_acquire);
  if (opened == 0) {
    const EdgeRef first = tree_.open_next<S>(node, thread_);
    return first ? first : EdgeRef(node.first, 0);  // other threads opened all just now
  }
  if (config_.selection == Selection::gumbel) return select_gumbel(node, from, at_root);
  return select_puct(node, from, opened, at_root);
}

/// By sequential halving at the root; below it argmax pi' - N / (1 + sum N), where of the unopened
/// actions the one of greatest prior is the best.
template <Sharing S>
EdgeRef Walker<S>::select_gumbel(Node& node, const Edge& from, bool at_root) {
  improved_.compute<S>(tree_, node, from, config_);
  if (at_root && gumbel_ != nullptr)
    return tree_.edge_at(node, gumbel_->select(improved_, config_));
  const float share = 1.0f / static_cast<float>(1 + improved_.visits());
  int best = 0;
  float best_score = kNever;
  for (int edge = 0; edge < improved_.opened(); ++edge) {
    const float visits = static_cast<float>(improved_.visits(edge));
    const float score = improved_.probability(edge) - visits * share;
    if (improved_.lost(edge) || score <= best_score) continue;
    best = edge;
    best_score = score;
  }
  if (improved_.opened() < node.num_actions &&
      improved_.probability_unopened(load<S>(node.next_prior)) > best_score)
    if (const EdgeRef edge = tree_.open_next<S>(node, thread_)) return edge;
  return tree_.edge_at(node, best);
}

/// The greatest PUCT score; equal scores go to the edge opened first.
template <Sharing S>
EdgeRef Walker<S>::select_puct(Node& node, const Edge& from, int opened, bool at_root) {
  // Virtual visits of other walks count; this one's own, if already on the path, must not.
  const std::uint32_t visits = config_.graph ? node.visits : load<S>(from.visits);
  const std::uint32_t others = load<S>(from.pending) - own_marks();
  float scale = scales_(visits + others);
  if (config_.c_puct_spread_scale != 0 && visits > 0)
    scale *= spread_factor(value_spread<S>(from), config_.c_puct_spread_scale);
  const float parent_q = config_.graph ? node.value
                         : visits == 0 ? 0.0f
                                       : -mean_value(load<S>(from.value_sum), visits);
  const float fpu = first_play_urgency(config_, at_root, parent_q, load<S>(node.visited_prior));

  BestOfLanes best;
  GroupWalk groups = tree_.groups(node);
  for (int left = opened; left > 0; left -= kGroupSize)
    best.add(scores<S>(groups.next(), fpu, scale));
  if (opened < node.num_actions &&
      puct_score(fpu, load<S>(node.next_prior), scale) > _mm_cvtss_f32(best.greatest()))
    if (const EdgeRef edge = tree_.open_next<S>(node, thread_)) return edge;
  // An evaluator's NaN must not lead to a lane without an edge.
  return tree_.edge_at(node, std::min(best.index_of_greatest(), opened - 1));
}

template <Sharing S>
void Walker<S>::absorb(std::span<const EvalItem> items) {
  CHECK_INVARIANT(static_cast<int>(items.size()) == waiting_);
  for (int i = 0; i < waiting_; ++i) {
    const EvalItem& item = items[i];
    if (config_.policy_temperature != 1) temper(item.priors, config_.policy_temperature);
    const Path& path = leaves_[i]->path;
    expand(*leaves_[i], item);
    backup(path, -to_fixed(item.value), marks_of(i));
  }
  waiting_ = marked_ = 0;
}

/// Makes the leaf a node. In a graph another leaf of the batch may have been the same position.
template <Sharing S>
void Walker<S>::expand(const Leaf& leaf, const EvalItem& item) {
  Edge& edge = *leaf.path.back();
  if (config_.graph) {
    edge.child = tree_.transpositions().find(leaf.key);
    if (edge.child != kNoLink) return;
    edge.child = kExpanding;
  }
  if (!tree_.expand<S>(edge, item.actions, item.priors, thread_) || !config_.graph) return;
  begin_graph_node(tree_.node(edge.child), item.value);
  tree_.transpositions().remember(leaf.key, edge.child);
}

/// In a graph: if the position has a node already, the leaf's edge leads there, and the visit
/// brings what is known.
template <Sharing S>
bool Walker<S>::meet(Leaf& leaf) {
  leaf.key = graph_key(*leaf.state);
  const Link known = tree_.transpositions().find(leaf.key);
  if (known == kNoLink) return false;
  leaf.path.back()->child = known;
  backup(leaf.path, -to_fixed(tree_.node(known).value), own_marks());
  return true;
}

template <Sharing S>
void Walker<S>::cancel() {
  for (int i = 0; i < waiting_; ++i) {
    Tree::release<S>(*leaves_[i]->path.back());
    unmark(leaves_[i]->path, marks_of(i));
  }
  waiting_ = marked_ = 0;
}

/// `value` is for the chooser of the last edge, the terminal position's result.
template <Sharing S>
void Walker<S>::resolve_terminal(Leaf& leaf, float value) {
  Edge& last = *leaf.path.back();
  if (config_.use_solver) store<S>(last.proof, proof_of_result(value), std::memory_order_seq_cst);
  Tree::release<S>(last);
  backup(leaf.path, to_fixed(value), own_marks());
}

/// `value` is for the chooser of the last edge; it flips at each ply, and becomes exact where the
/// visit proves something. Takes the path's virtual visits off.
template <Sharing S>
void Walker<S>::backup(const Path& path, FixedValue value, std::uint32_t marks) {
  if (config_.graph) return backup_graph(path, value, marks);
  bool proven_below = false;
  for (std::size_t i = path.size(); i-- > 0; value = -value) {
    Edge& edge = *path[i];
    if (proven_below && config_.use_solver) prove_from_children(edge);
    const Proof proof = load<S>(edge.proof);
    proven_below = proof != Proof::unknown;
    if (proven_below) value = to_fixed(proof_value(proof));
    const float played = static_cast<float>(value) / kFixedOne;
    add<S>(edge.value_sum, value);
    add<S>(edge.square_sum, played * played);
    add<S>(edge.visits, std::uint32_t{1});
    mark(path[i], -marks);
  }
}

template <Sharing S>
void Walker<S>::prove_from_children(Edge& edge) {
  Node& node = tree_.node(load<S>(edge.child, std::memory_order_acquire));
  const Proof proof = tree_.proof_by_children<S>(node);
  if (proof != Proof::unknown) store<S>(edge.proof, flipped(proof), std::memory_order_seq_cst);
}

/// The same in a graph: a node's value is worked out anew, and its edges take it over.
template <Sharing S>
void Walker<S>::backup_graph(const Path& path, FixedValue value, std::uint32_t marks) {
  for (std::size_t i = path.size(); i-- > 0; value = -value) {
    Edge& edge = *path[i];
    const float played = static_cast<float>(value) / kFixedOne;
    edge.square_sum += played * played;
    edge.value_sum += value;
    edge.visits += 1;
    mark(path[i], -marks);
    if (!Tree::is_node(edge.child)) continue;
    update_graph_node(tree_, tree_.node(edge.child), config_.use_solver);
    update_graph_edge(tree_, path[i], config_.use_solver);
  }
}

template <Sharing S>
void Walker<S>::unmark(const Path& path, std::uint32_t marks) {
  if (marks == 0) return;
  for (const EdgeRef edge : path) mark(edge, -marks);
}

template class Walker<Sharing::single>;
template class Walker<Sharing::shared>;

}  // namespace tengen::mcts
