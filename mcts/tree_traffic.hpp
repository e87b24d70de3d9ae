// What a search's memory accesses alone cost: the ceiling of the search bench.
//
// The playouts that built a tree are read off it, in their order, and repeated without what a
// search thinks in between: along the path every node's header and the groups of edges that were
// open then are read and one edge is written, found, as in the search, through the node above; at
// the end the priors of the last node are read and a new node's bytes written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mcts/tree.hpp"

namespace tengen::mcts {

class TreeTraffic {
 public:
  /// Reads the playouts off `tree`, which must outlive this and was built by one thread, with no
  /// call of advance(). Only playouts that made a node are there.
  explicit TreeTraffic(Tree& tree);

  std::size_t playouts() const { return playouts_.size(); }
  /// Does the accesses of all playouts. Spoils the statistics of the tree.
  void repeat();

 private:
  /// One choice: the edge's number, and how many were open.
  struct Step {
    std::uint16_t edge = 0, opened = 0;
  };
  struct Playout {
    Link node = kNoLink;  // the one that it made; nodes are allocated in order
    std::vector<Step> path;
  };

  void collect(const Edge& edge, std::vector<Step>& path);
  void count_opened();
  void repeat(const Playout& playout, std::byte* new_node);
  std::size_t bytes_of(const Playout& playout) const;

  Tree& tree_;
  std::vector<Playout> playouts_;
  std::vector<std::byte> new_nodes_;
  float sink_ = 0;  // of what was read, so that it is read
};

}  // namespace tengen::mcts
