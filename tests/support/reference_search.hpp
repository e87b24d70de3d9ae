// The search of mcts/, written again for clarity: recursion over plain nodes, every position a
// clone, every child present from the start. The oracle for the fast search; PUCT, first-play
// urgency and the solver, and Gumbel's rules without its noise; without root noise, virtual visits
// or memory bound.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "envs/game.hpp"
#include "mcts/config.hpp"
#include "mcts/evaluator.hpp"
#include "mcts/proof.hpp"

namespace tengen::test {

class ReferenceSearch {
 public:
  /// All values and proofs are for the side to move in the node's position.
  struct Node {
    bool expanded = false;
    float own_value = 0;  // of its evaluation
    int visits = 0;
    double value_sum = 0, square_sum = 0;
    mcts::Proof proof = mcts::Proof::unknown;
    float visited_prior = 0;           // sum over the children visited
    std::vector<std::size_t> visited;  // these, in the order of their first visits
    std::vector<envs::Action> actions;
    std::vector<float> priors;
    std::vector<Node> children;
  };

  ReferenceSearch(const mcts::SearchConfig& config, mcts::Evaluator& evaluator)
      : config_(config), evaluator_(evaluator) {}

  Node run(const envs::State& root, int simulations) {
    Node node;
    halving_.clear();
    simulations_ = simulations;
    while (node.visits < simulations && node.proof == mcts::Proof::unknown)
      simulate(root, root.current_player(), node, true);
    return node;
  }

 private:
  /// One visit; returns its value.
  float simulate(const envs::State& state, int to_move, Node& node, bool at_root) {
    float value = 0;
    if (node.proof == mcts::Proof::unknown) value = value_of_visit(state, to_move, node, at_root);
    if (node.proof != mcts::Proof::unknown) value = mcts::proof_value(node.proof);
    node.visits += 1;
    node.value_sum += value;
    node.square_sum += value * value;
    return value;
  }

  float value_of_visit(const envs::State& state, int to_move, Node& node, bool at_root) {
    if (state.is_terminal()) {
      const float value = state.returns(to_move);
      if (config_.use_solver) node.proof = mcts::proof_of_result(value);
      return value;
    }
    if (!node.expanded) return evaluate(state, node);
    const std::size_t best = select(node, at_root);
    Node& child = node.children[best];
    if (child.visits == 0) {
      node.visited_prior += node.priors[best];
      node.visited.push_back(best);
    }
    const auto next = state.clone();
    next->apply(node.actions[best]);
    const float value = -simulate(*next, 1 - to_move, child, false);
    if (config_.use_solver) node.proof = proof_from_children(node);
    return value;
  }

  float evaluate(const envs::State& state, Node& node) {
    state.legal_actions(node.actions);
    node.priors.resize(node.actions.size());
    node.children.resize(node.actions.size());
    mcts::EvalItem item{&state, node.actions, node.priors};
    evaluator_.evaluate({&item, 1});
    node.expanded = true;
    return node.own_value = item.value;
  }

  std::size_t select(const Node& node, bool at_root) {
    if (config_.selection == mcts::Selection::puct) return select_puct(node, at_root);
    if (!at_root) return select_improved(node);
    if (halving_.empty()) plan_halving(node);
    return next_of_halving(node);
  }

  std::size_t select_puct(const Node& node, bool at_root) const {
    const float n = static_cast<float>(node.visits);
    float c = static_cast<float>(std::log((1.0 + n + config_.c_puct_base) / config_.c_puct_base)) +
              config_.c_puct_init;
    if (config_.c_puct_spread_scale != 0) c *= spread_factor(node);
    const float reduction = at_root ? config_.fpu_root_reduction : config_.fpu_reduction;
    float fpu = static_cast<float>(node.value_sum) / n - reduction * std::sqrt(node.visited_prior);
    if (config_.fpu_absolute) fpu = at_root ? config_.fpu_root_value : config_.fpu_value;
    std::size_t best = 0;
    float best_score = -std::numeric_limits<float>::infinity();
    for (const std::size_t i : by_first_visit(node)) {
      const Node& child = node.children[i];
      if (child.proof == mcts::Proof::win) continue;  // the opponent wins there
      float q = fpu;
      if (child.visits > 0)
        q = -static_cast<float>(child.value_sum) / static_cast<float>(child.visits);
      if (child.proof == mcts::Proof::draw) q = 0;
      const float u =
          node.priors[i] / (1.0f + static_cast<float>(child.visits)) * (c * std::sqrt(n));
      if (q + u > best_score) best = i, best_score = q + u;
    }
    return best;
  }

  float spread_factor(const Node& node) const {
    const double mean = node.value_sum / node.visits;
    const double variance = std::max(0.0, node.square_sum / node.visits - mean * mean);
    const double spread = std::sqrt((node.visits * variance + 2 * 0.4 * 0.4) / (node.visits + 2));
    return static_cast<float>(1 + config_.c_puct_spread_scale * (spread / 0.4 - 1));
  }

  /// The children visited, in the order of their first visits, then the others in legal order:
  /// which of equal scores comes first.
  static std::vector<std::size_t> by_first_visit(const Node& node) {
    std::vector<std::size_t> order = node.visited;
    for (std::size_t i = 0; i < node.children.size(); ++i)
      if (node.children[i].visits == 0) order.push_back(i);
    return order;
  }

  // Gumbel, after the paper's formulas (mcts/gumbel.hpp), in double ------------------------------

  /// logit + sigma(completed q) of all actions.
  std::vector<double> improved_logits(const Node& node) const {
    double prior = 0, value = 0;
    int sum = 0, most = 0;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const Node& child = node.children[i];
      if (child.visits == 0) continue;
      prior += node.priors[i];
      value += node.priors[i] * -child.value_sum / child.visits;
      sum += child.visits;
      most = std::max(most, child.visits);
    }
    const double mixed =
        sum == 0 ? node.own_value : (node.own_value + sum * value / prior) / (1 + sum);
    std::vector<double> logits;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const Node& child = node.children[i];
      const double q = child.visits == 0 ? mixed : -child.value_sum / child.visits;
      logits.push_back(std::log(double{node.priors[i]}) +
                       (config_.gumbel_c_visit + most) * config_.gumbel_c_scale * (1 + q) / 2);
    }
    return logits;
  }

  std::size_t select_improved(const Node& node) const {
    const std::vector<double> logits = improved_logits(node);
    double total = 0;
    int visits = 0;
    const double greatest = *std::max_element(logits.begin(), logits.end());
    for (const double logit : logits) total += std::exp(logit - greatest);
    for (const Node& child : node.children) visits += child.visits;
    const auto score = [&](std::size_t i) {
      return std::exp(logits[i] - greatest) / total - node.children[i].visits / (1.0 + visits);
    };
    std::size_t best = 0;
    for (std::size_t i = 1; i < logits.size(); ++i)
      if (score(i) > score(best)) best = i;
    return best;
  }

  /// Sequential halving as it is told: the actions left, and for how many more visits of each.
  void plan_halving(const Node& node) {
    for (std::size_t i = 0; i < node.actions.size(); ++i) halving_.push_back(i);
    considered_ =
        std::min({config_.gumbel_actions, simulations_ - 1, static_cast<int>(halving_.size())});
    phases_ = std::max(1, static_cast<int>(std::ceil(std::log2(considered_))));
    start_phase(node, considered_);
  }

  void start_phase(const Node& node, int left) {
    const std::vector<double> logits = improved_logits(node);
    std::stable_sort(halving_.begin(), halving_.end(),
                     [&](std::size_t a, std::size_t b) { return logits[a] > logits[b]; });
    halving_.resize(left);
    rounds_ = std::max(1, (simulations_ - 1) / (phases_ * left));
    turn_ = 0;
  }

  std::size_t next_of_halving(const Node& node) {
    const int left = static_cast<int>(halving_.size());
    if (turn_ == rounds_ * left) start_phase(node, std::max(std::min(left, 2), left / 2));
    const auto now = static_cast<int>(halving_.size());
    const std::vector<double> logits = improved_logits(node);
    std::size_t best = halving_[0];
    int fewest = std::numeric_limits<int>::max();
    for (const std::size_t i : halving_) fewest = std::min(fewest, node.children[i].visits);
    double best_logit = -std::numeric_limits<double>::infinity();
    for (const std::size_t i : halving_)
      if (node.children[i].visits == fewest && logits[i] > best_logit)
        best = i, best_logit = logits[i];
    turn_ = (turn_ + 1) % (rounds_ * now + 1);
    return best;
  }

  static mcts::Proof proof_from_children(const Node& node) {
    bool all = true, draw = false;
    for (const Node& child : node.children) {
      if (child.proof == mcts::Proof::loss) return mcts::Proof::win;
      all = all && child.proof != mcts::Proof::unknown;
      draw = draw || child.proof == mcts::Proof::draw;
    }
    if (!all) return mcts::Proof::unknown;
    return draw ? mcts::Proof::draw : mcts::Proof::loss;
  }

  const mcts::SearchConfig config_;
  mcts::Evaluator& evaluator_;
  int simulations_ = 0;
  std::vector<std::size_t> halving_;  // the root's actions that are left
  int considered_ = 0, phases_ = 0, rounds_ = 0, turn_ = 0;
};

}  // namespace tengen::test
