// From a tree to what the search found out, and from there to a move or a training target.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/check.hpp"
#include "engine/base/error.hpp"
#include "mcts/search_impl.hpp"

namespace tengen::mcts {
namespace {

float mean(const Edge& edge) {
  if (edge.visits == 0) return 0;
  return static_cast<float>(edge.value_sum) / kFixedOne / static_cast<float>(edge.visits);
}

ActionStats stats_of(const Edge& edge, float lcb_errors = 0) {
  ActionStats stats{.action = edge.action,
                    .visits = static_cast<int>(edge.visits),
                    .q = mean(edge),
                    .prior = edge.prior,
                    .proof = edge.proof};
  if (edge.proof != Proof::unknown) {
    stats.q = stats.lcb = proof_value(edge.proof);
  } else if (edge.visits > 0) {
    const float error = value_spread<Sharing::single>(edge) / std::sqrt(float(edge.visits));
    stats.lcb = stats.q - lcb_errors * error;
  }
  return stats;
}

int proof_rank(Proof proof) { return proof == Proof::win ? 2 : proof == Proof::loss ? 0 : 1; }

/// Whether `a` is the move to play rather than `b`.
bool better(const ActionStats& a, const ActionStats& b) {
  if (proof_rank(a.proof) != proof_rank(b.proof)) return proof_rank(a.proof) > proof_rank(b.proof);
  if (a.visits != b.visits) return a.visits > b.visits;
  if (a.q != b.q) return a.q > b.q;
  return a.prior > b.prior;
}

ActionStats& stats_at(std::vector<ActionStats>& stats, envs::Action action) {
  return *std::lower_bound(
      stats.begin(), stats.end(), action,
      [](const ActionStats& a, envs::Action wanted) { return a.action < wanted; });
}

/// The most promising line below the edge.
std::vector<const Edge*> edges_below(const Tree& tree, const Edge& edge) {
  std::vector<const Edge*> line;
  for (const Edge* at = &edge; Tree::is_node(at->child);) {
    const Edge* best = nullptr;
    for (const Edge& edge : tree.edges<Sharing::single>(tree.node(at->child)))
      if (best == nullptr || better(stats_of(edge), stats_of(*best))) best = &edge;
    if (best == nullptr || best->visits == 0) break;
    line.push_back(best);
    at = best;
  }
  return line;
}

/// The edge of `action` at the root and the line below it; empty where the action has no edge.
std::vector<const Edge*> edges_from(const Tree& tree, envs::Action action) {
  Node* node = tree.root_node();
  if (node == nullptr) return {};
  for (const Edge& edge : tree.edges<Sharing::single>(*node)) {
    if (edge.action != action) continue;
    std::vector<const Edge*> line = edges_below(tree, edge);
    line.insert(line.begin(), &edge);
    return line;
  }
  return {};
}

/// Adds the improved policy; returns the move of sequential halving.
envs::Action improve(const Search::Impl& search, std::vector<ActionStats>& stats) {
  Node* node = search.tree.root_node();
  if (search.config.selection != Selection::gumbel || node == nullptr) return envs::kNoAction;
  ImprovedPolicy policy;
  policy.compute<Sharing::single>(search.tree, *node, search.tree.root(), search.config);
  for (ActionStats& action : stats) action.improved = policy.probability_unopened(action.prior);
  int edge = 0;
  for (const Edge& opened : search.tree.edges<Sharing::single>(*node))
    stats_at(stats, opened.action).improved = policy.probability(edge++);
  return search.tree.edge_at(*node, search.gumbel.best(policy))->action;
}

/// The greatest lower bound among the moves with enough visits that are not lost, if there are any.
envs::Action best_by_lcb(const std::vector<ActionStats>& actions, float share) {
  int most = 0;
  for (const ActionStats& action : actions)
    if (action.proof != Proof::loss) most = std::max(most, action.visits);
  const float enough = std::max(1.0f, share * static_cast<float>(most));
  const ActionStats* best = nullptr;
  for (const ActionStats& action : actions) {
    if (action.proof == Proof::loss || static_cast<float>(action.visits) < enough) continue;
    if (best == nullptr || action.lcb > best->lcb) best = &action;
  }
  return best == nullptr ? envs::kNoAction : best->action;
}

std::vector<ActionStats> action_stats(const Search::Impl& search) {
  const Tree& tree = search.tree;
  const envs::State& root = *search.root;
  std::vector<envs::Action> legal;
  if (!root.is_terminal()) root.legal_actions(legal);
  std::vector<ActionStats> stats(legal.size());
  for (std::size_t i = 0; i < legal.size(); ++i) stats[i].action = legal[i];
  Node* node = tree.root_node();
  if (node == nullptr) return stats;
  const std::vector<float*> priors = tree.prior_slots(*node);
  for (std::size_t i = 0; i < stats.size(); ++i) stats[i].prior = *priors[i];
  for (const Edge& edge : tree.edges<Sharing::single>(*node))
    stats_at(stats, edge.action) = stats_of(edge, search.config.lcb_errors);
  return stats;
}

/// How much each action deserves to be played, before temperature: Gumbel's improved policy or the
/// visits, or priors if there is neither; only winning actions if one is proven, no losing ones
/// unless all are.
std::vector<double> preferences(const SearchResult& result) {
  int best_rank = 0;
  for (const ActionStats& a : result.actions) best_rank = std::max(best_rank, proof_rank(a.proof));
  double visits = 0, improved = 0;
  for (const ActionStats& a : result.actions)
    if (proof_rank(a.proof) == best_rank) visits += a.visits, improved += a.improved;
  std::vector<double> weights;
  for (const ActionStats& a : result.actions) {
    const double weight = improved > 0 ? a.improved : visits > 0 ? a.visits : a.prior;
    weights.push_back(proof_rank(a.proof) < best_rank ? 0.0 : weight);
  }
  return weights;
}

}  // namespace

SearchResult make_result(const Search::Impl& search) {
  const Tree& tree = search.tree;
  SearchResult result;
  result.actions = action_stats(search);
  result.choice = improve(search, result.actions);
  if (search.config.selection == Selection::puct && search.config.lcb_move)
    result.choice = best_by_lcb(result.actions, search.config.lcb_share);
  result.proof = flipped(tree.root().proof);
  result.value = result.proof == Proof::unknown ? -mean(tree.root()) : proof_value(result.proof);
  result.simulations = static_cast<int>(tree.root().visits);
  for (const Edge* edge : edges_below(tree, tree.root()))
    result.principal_variation.push_back(edge->action);
  return result;
}

std::vector<envs::Action> make_variation(const Tree& tree, envs::Action action) {
  std::vector<envs::Action> line;
  for (const Edge* edge : edges_from(tree, action)) line.push_back(edge->action);
  if (line.empty()) line.push_back(action);
  return line;
}

std::vector<int> make_variation_visits(const Tree& tree, envs::Action action) {
  std::vector<int> visits;
  for (const Edge* edge : edges_from(tree, action))
    visits.push_back(static_cast<int>(edge->visits));
  if (visits.empty()) visits.push_back(0);
  return visits;
}

envs::Action select_move(const SearchResult& result, double temperature, Rng& rng) {
  if (result.actions.empty())
    bad_argument("select_move", "expected a position with legal actions, got none");
  const ActionStats& best = *std::min_element(result.actions.begin(), result.actions.end(), better);
  const bool chosen = result.choice != envs::kNoAction && best.proof != Proof::loss;
  if (best.proof == Proof::win) return best.action;
  if (temperature <= 0) return chosen ? result.choice : best.action;

  const std::vector<double> weights = preferences(result);
  const double most = *std::max_element(weights.begin(), weights.end());
  std::vector<float> heated(weights.size(), 1.0f);  // all equal if nothing is known
  if (most > 0)
    std::transform(weights.begin(), weights.end(), heated.begin(), [&](double weight) {
      return static_cast<float>(std::pow(weight / most, 1 / temperature));
    });
  return result.actions[rng.categorical(heated)].action;
}

void write_policy_target(const SearchResult& result, std::span<float> out) {
  std::fill(out.begin(), out.end(), 0.0f);
  const std::vector<double> weights = preferences(result);
  double sum = 0;
  for (const double weight : weights) sum += weight;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double share = sum > 0 ? weights[i] / sum : 1.0 / static_cast<double>(weights.size());
    out[result.actions[i].action] = static_cast<float>(share);
  }
}

}  // namespace tengen::mcts
