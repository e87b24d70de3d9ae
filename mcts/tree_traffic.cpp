#include "mcts/tree_traffic.hpp"

#include <algorithm>
#include <cstring>

namespace tengen::mcts {

TreeTraffic::TreeTraffic(Tree& tree) : tree_(tree), new_nodes_(tree.bytes()) {
  std::vector<Step> path;
  if (tree.root_node() != nullptr) collect(tree.root(), path);
  std::sort(playouts_.begin(), playouts_.end(),
            [](const Playout& a, const Playout& b) { return a.node < b.node; });
  count_opened();
}

void TreeTraffic::collect(const Edge& edge, std::vector<Step>& path) {
  playouts_.push_back({edge.child, path});
  std::uint16_t index = 0;
  for (const Edge& next : tree_.edges<Sharing::single>(tree_.node(edge.child))) {
    path.push_back({.edge = index++});
    if (Tree::is_node(next.child)) collect(next, path);
    path.pop_back();
  }
}

/// Edges are opened in their order: those open at a playout are the ones that it or those before it
/// used.
void TreeTraffic::count_opened() {
  std::vector<std::uint16_t> opened;  // by link
  for (Playout& playout : playouts_) {
    opened.resize(playout.node + std::size_t{1});
    Link link = tree_.root().child;
    for (Step& step : playout.path) {
      opened[link] = std::max<std::uint16_t>(opened[link], step.edge + 1);
      step.opened = opened[link];
      link = tree_.edge_at(tree_.node(link), step.edge)->child;
    }
  }
}

void TreeTraffic::repeat() {
  std::size_t at = 0;
  for (const Playout& playout : playouts_) {
    const std::size_t bytes = bytes_of(playout);
    if (at + bytes > new_nodes_.size()) at = 0;
    repeat(playout, new_nodes_.data() + at);
    at += bytes;
  }
}

std::size_t TreeTraffic::bytes_of(const Playout& playout) const {
  return Node::bytes(tree_.node(playout.node).num_actions);
}

void TreeTraffic::repeat(const Playout& playout, std::byte* new_node) {
  EdgeRef edge = tree_.root_ref();
  Node* last = nullptr;
  for (const Step& step : playout.path) {
    last = &tree_.node(edge->child);
    GroupWalk groups = tree_.groups(*last);
    for (int left = step.opened; left > 0; left -= kGroupSize) {
      const EdgeGroup& group = groups.next();
      sink_ += group.q[0] + group.explore[0];
    }
    sink_ += last->next_prior;
    edge = tree_.edge_at(*last, step.edge);
    edge->visits += 1;
    edge.explore() = edge->prior;
  }
  if (last != nullptr)
    for (const float prior : last->priors()) sink_ = std::max(sink_, prior);
  std::memset(new_node, static_cast<int>(playout.path.size()), bytes_of(playout));
}

}  // namespace tengen::mcts
