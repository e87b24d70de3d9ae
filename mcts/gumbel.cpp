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

}  // namespace

int considered_visits(int actions, int simulations, int done) {
  const int phases = std::max(1, ceil_log2(actions));
  int visits = 0;
  for (int left = actions;; left = std::max(2, left / 2)) {
    const int rounds = std::max(1, simulations / (phases * left));
    if (left <= 2 || done < rounds * left) return visits + done / left;
    done -= rounds * left;
    visits += rounds;
  }
}

/// Fills in the edges' visits, q and priors; returns the mean of the node's own evaluations: what
/// the visits of `from` brought without those that went on below.
template <Sharing S>
float ImprovedPolicy::read(const Tree& tree, Node& node, const Edge& from, int virtual_loss) {
  edges_.clear();
  visits_ = 0;
  FixedValue own_sum = -load<S>(from.value_sum);
  int own_visits = static_cast<int>(load<S>(from.visits));
  const EdgeRange range = tree.edges<S>(node);
  for (auto at = range.begin(); at != range.end(); ++at) {
    const Edge& edge = *at;
    const int done = static_cast<int>(load<S>(edge.visits));
    const int under_way = static_cast<int>(load<S>(edge.pending)) / std::max(1, virtual_loss);
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
  mix_value(read<S>(tree, node, from, config.virtual_loss));
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

float GumbelRoot::score(const ImprovedPolicy& policy, int edge) const {
  const auto index = static_cast<std::size_t>(edge);
  return policy.logit(edge) + (index < noise_.size() ? noise_[index] : 0.0f);
}

/// Those considered now are the ones with so many visits: who dropped out has fewer. Where proven
/// losses have left too few of them, the next ones move up.
int GumbelRoot::select(const ImprovedPolicy& policy, const SearchConfig& config) const {
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
