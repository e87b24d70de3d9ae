#include "mcts/gumbel.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace tengen::mcts {
namespace {

constexpr float kImpossible = -std::numeric_limits<float>::infinity();

float log_prior(float prior) { return std::log(std::max(prior, 1e-30f)); }

int ceil_log2(int n) { return std::bit_width(static_cast<unsigned>(n - 1)); }

int phases_of(int actions) { return std::max(1, ceil_log2(actions)); }
int halved(int actions) { return std::max(2, actions / 2); }

}  // namespace

int considered_visits(int actions, int simulations, int done) {
  const int phases = phases_of(actions);
  int visits = 0;
  for (int left = actions;; left = halved(left)) {
    const int rounds = std::max(1, simulations / (phases * left));
    if (left <= 2 || done < rounds * left) return visits + done / left;
    done -= rounds * left;
    visits += rounds;
  }
}

/// Fills in the edges' visits, q and priors; returns the mean of the node's own evaluations: what
/// the visits of `from` brought without those that went on below.
template <Sharing S>
float ImprovedPolicy::read(const Tree& tree, Node& node, const Edge& from, int virtual_visits) {
  edges_.clear();
  visits_ = 0;
  FixedValue own_sum = -load<S>(from.value_sum);
  int own_visits = static_cast<int>(load<S>(from.visits));
  const EdgeRange range = tree.edges<S>(node);
  for (auto at = range.begin(); at != range.end(); ++at) {
    const Edge& edge = *at;
    const int done = static_cast<int>(load<S>(edge.visits));
    const int under_way = static_cast<int>(load<S>(edge.pending)) / std::max(1, virtual_visits);
    own_sum -= load<S>(edge.value_sum);
    own_visits -= done;
    visits_ += done + under_way;
    edges_.push_back({load<S>(at.ref().q()), edge.prior, 0, done + under_way});
  }
  // Other threads may have added below what they have not added above yet.
  if (own_visits < 1) return -mean_value(load<S>(from.value_sum), load<S>(from.visits));
  return std::clamp(mean_value(own_sum, static_cast<std::uint32_t>(own_visits)), -1.0f, 1.0f);
}

void ImprovedPolicy::mix_value(float own_value) {
  float prior = 0, value = 0;
  int visits = 0;
  for (const EdgeView& edge : edges_) {
    if (edge.q == kNever || edge.q == kUnvisited) continue;
    prior += edge.prior;
    value += edge.prior * edge.q;
    visits += edge.visits;
  }
  mixed_value_ = own_value;
  if (prior > 0)
    mixed_value_ = (own_value + static_cast<float>(visits) * (value / prior)) /
                   (1 + static_cast<float>(visits));
}

template <Sharing S>
void ImprovedPolicy::compute(const Tree& tree, Node& node, const Edge& from,
                             const SearchConfig& config) {
  mix_value(read<S>(tree, node, from, config.virtual_visits));
  int most_visits = 0;
  float prior_left = 1;
  for (const EdgeView& edge : edges_) {
    most_visits = std::max(most_visits, edge.visits);
    prior_left -= edge.prior;
  }
  const float scale =
      (config.gumbel_c_visit + static_cast<float>(most_visits)) * config.gumbel_c_scale;
  const auto sigma = [scale](float q) { return scale * (1 + q) / 2; };
  unopened_sigma_ = sigma(mixed_value_);

  const bool some_unopened = opened() < node.num_actions;
  greatest_logit_ = some_unopened ? unopened_sigma_ : kImpossible;
  for (EdgeView& edge : edges_) {
    const float q = edge.q == kUnvisited ? mixed_value_ : edge.q;
    edge.logit = q == kNever ? kImpossible : log_prior(edge.prior) + sigma(q);
    greatest_logit_ = std::max(greatest_logit_, edge.logit);
  }
  if (greatest_logit_ == kImpossible) greatest_logit_ = 0;  // all are lost
  total_ = some_unopened ? std::max(prior_left, 0.0f) * std::exp(unopened_sigma_ - greatest_logit_)
                         : 0.0f;
  for (const EdgeView& edge : edges_) total_ += std::exp(edge.logit - greatest_logit_);
  total_ = std::max(total_, std::numeric_limits<float>::min());
}

float ImprovedPolicy::probability(int edge) const {
  return std::exp(edges_[edge].logit - greatest_logit_) / total_;
}

float ImprovedPolicy::probability_unopened(float prior) const {
  return prior * std::exp(unopened_sigma_ - greatest_logit_) / total_;
}

void GumbelRoot::forget() {
  waiting_ = false;
  noise_.clear();
  considered_.clear();
  phase_ = 0;
  phase_end_ = {};
}

void GumbelRoot::begin(Tree& tree, const SearchConfig& config, Rng& rng, int simulations) {
  forget();
  if (config.selection != Selection::gumbel) return;
  simulations_ = std::max(1, simulations - 1);  // the first visit is the root's own
  seed_ = config.gumbel_scale > 0 ? rng() : 0;
  waiting_ = true;
  apply(tree, config);
}

void GumbelRoot::apply(Tree& tree, const SearchConfig& config) {
  if (!waiting_ || tree.root_node() == nullptr) return;
  waiting_ = false;
  Node& root = *tree.root_node();
  while (tree.open_next<Sharing::single>(root, 0)) {
  }
  noise_.assign(root.opened, 0);
  Rng rng(seed_);
  if (config.gumbel_scale > 0)
    for (float& g : noise_)
      g = -config.gumbel_scale * static_cast<float>(std::log(-std::log(1 - rng.uniform())));
}

void GumbelRoot::next_phase(const Tree& tree, const SearchConfig& config) {
  Node* root = tree.root_node();
  if (root == nullptr || waiting_) return;
  ImprovedPolicy policy;
  policy.compute<Sharing::single>(tree, *root, tree.root(), config);
  int actions = std::clamp(config.gumbel_actions, 1, policy.opened());
  if (phase_ == 0)
    phases_ = phases_of(actions);
  else
    actions = halved(static_cast<int>(considered_.size()));
  consider(policy, actions);
  ++phase_;
  phase_end_.fraction =
      phase_ < phases_ ? double(phase_) / phases_ : std::numeric_limits<double>::infinity();
  phase_end_.visits = static_cast<int>(tree.root().visits) + static_cast<int>(considered_.size());
}

/// The best of those considered so far. Where proven losses have left too few, the next ones move
/// up.
void GumbelRoot::consider(const ImprovedPolicy& policy, int actions) {
  std::vector<bool> was_considered(static_cast<std::size_t>(policy.opened()));
  for (const Considered& each : considered_) was_considered[each.edge] = true;
  std::vector<int> edges;
  for (int edge = 0; edge < policy.opened(); ++edge)
    if (!policy.lost(edge)) edges.push_back(edge);
  std::stable_sort(edges.begin(), edges.end(), [&](int a, int b) {
    if (was_considered[a] != was_considered[b]) return bool(was_considered[a]);
    return score(policy, a) > score(policy, b);
  });
  edges.resize(std::min(edges.size(), static_cast<std::size_t>(actions)));
  considered_.clear();
  for (const int edge : edges) considered_.push_back({edge, policy.visits(edge)});
}

/// In this phase; null: all are lost.
const GumbelRoot::Considered* GumbelRoot::least_visited(const ImprovedPolicy& policy) const {
  const Considered* least = nullptr;
  const auto visits = [&](const Considered& each) {
    return policy.visits(each.edge) - each.visits;
  };
  for (const Considered& each : considered_) {
    if (policy.lost(each.edge)) continue;
    if (least == nullptr || visits(each) < visits(*least) ||
        (visits(each) == visits(*least) && score(policy, each.edge) > score(policy, least->edge)))
      least = &each;
  }
  return least;
}

/// Null: all are lost, or none has visits.
const GumbelRoot::Considered* GumbelRoot::best_considered(const ImprovedPolicy& policy) const {
  const Considered* best = nullptr;
  for (const Considered& each : considered_) {
    if (policy.lost(each.edge) || policy.visits(each.edge) == 0) continue;
    if (best == nullptr || score(policy, each.edge) > score(policy, best->edge)) best = &each;
  }
  return best;
}

float GumbelRoot::score(const ImprovedPolicy& policy, int edge) const {
  const auto index = static_cast<std::size_t>(edge);
  return policy.logit(edge) + (index < noise_.size() ? noise_[index] : 0.0f);
}

/// Those considered now are the ones with so many visits: who dropped out has fewer. Where proven
/// losses have left too few of them, the next ones move up.
int GumbelRoot::select(const ImprovedPolicy& policy, const SearchConfig& config) const {
  if (const Considered* least = least_visited(policy)) return least->edge;
  const int actions = std::min({config.gumbel_actions, simulations_, policy.opened()});
  const int considered = considered_visits(std::max(1, actions), simulations_, policy.visits());
  const auto rank = [&](int edge) {
    if (policy.lost(edge)) return std::numeric_limits<int>::min();
    return policy.visits(edge) <= considered ? policy.visits(edge) : -policy.visits(edge);
  };
  int best = 0;
  for (int edge = 1; edge < policy.opened(); ++edge)
    if (rank(edge) > rank(best) ||
        (rank(edge) == rank(best) && score(policy, edge) > score(policy, best)))
      best = edge;
  return best;
}

int GumbelRoot::best(const ImprovedPolicy& policy) const {
  if (const Considered* best = best_considered(policy)) return best->edge;
  int best = 0;
  for (int edge = 1; edge < policy.opened(); ++edge) {
    if (policy.lost(edge) || policy.visits(edge) < policy.visits(best)) continue;
    if (policy.lost(best) || policy.visits(edge) > policy.visits(best) ||
        score(policy, edge) > score(policy, best))
      best = edge;
  }
  return best;
}

template void ImprovedPolicy::compute<Sharing::single>(const Tree&, Node&, const Edge&,
                                                       const SearchConfig&);
template void ImprovedPolicy::compute<Sharing::shared>(const Tree&, Node&, const Edge&,
                                                       const SearchConfig&);

}  // namespace tengen::mcts
