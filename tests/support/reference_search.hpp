// The search of mcts/, written again for clarity: recursion over plain nodes, every position a
// clone, every child present from the start. The oracle for the fast search; PUCT, first-play
// urgency and the solver, without noise, virtual loss or memory bound.
#pragma once

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
    int visits = 0;
    double value_sum = 0;
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
    return item.value;
  }

  std::size_t select(const Node& node, bool at_root) const {
    const float n = static_cast<float>(node.visits);
    const float c =
        static_cast<float>(std::log((1.0 + n + config_.c_puct_base) / config_.c_puct_base)) +
        config_.c_puct_init;
    const float reduction = at_root ? config_.fpu_root_reduction : config_.fpu_reduction;
    const float fpu =
        static_cast<float>(node.value_sum) / n - reduction * std::sqrt(node.visited_prior);
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

  /// The children visited, in the order of their first visits, then the others in legal order:
  /// which of equal scores comes first.
  static std::vector<std::size_t> by_first_visit(const Node& node) {
    std::vector<std::size_t> order = node.visited;
    for (std::size_t i = 0; i < node.children.size(); ++i)
      if (node.children[i].visits == 0) order.push_back(i);
    return order;
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
};

}  // namespace tengen::test
