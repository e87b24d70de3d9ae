#include "mcts/graph.hpp"

#include "engine/base/hash.hpp"

namespace tengen::mcts {

std::uint64_t graph_key(const envs::State& state) {
  return hash_combine(state.key(), static_cast<std::uint64_t>(state.ply()));
}

void begin_graph_node(Node& node, float value) {
  node.own_value = node.value = value;
  node.visits = 1;
}

void update_graph_edge(const Tree& tree, EdgeRef edge, bool use_solver) {
  if (!Tree::is_node(edge->child)) return;
  const Node& node = tree.node(edge->child);
  if (use_solver) edge->proof = flipped(node.proof);
  edge->value_sum = -to_fixed(node.value) * static_cast<FixedValue>(edge->visits);
  refresh<Sharing::single>(edge);
}

void update_graph_node(const Tree& tree, Node& node, bool use_solver) {
  FixedValue sum = to_fixed(node.own_value);
  node.visits = 1;
  const EdgeRange edges = tree.edges<Sharing::single>(node);
  for (auto at = edges.begin(); at != edges.end(); ++at) {
    update_graph_edge(tree, at.ref(), use_solver);
    sum += (*at).value_sum;
    node.visits += (*at).visits;
  }
  if (use_solver) node.proof = tree.proof_by_children<Sharing::single>(node);
  node.value =
      node.proof == Proof::unknown ? mean_value(sum, node.visits) : proof_value(node.proof);
}

}  // namespace tengen::mcts
