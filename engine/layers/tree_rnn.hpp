// Recursive net over a binary tree (Goller and Kuechler 1996; Socher et al. 2011): the vector of an
// inner node is tanh(W [left; right] + b), with the same weights at every node. A chain of depth T
// is a simple RNN; a balanced tree reaches its root in log T steps.
#pragma once

#include <vector>

#include "engine/base/random.hpp"
#include "engine/layers/linear.hpp"

namespace tengen {

/// A binary tree over L leaves, numbered 0 .. L - 1. Inner nodes follow: merge i makes node L + i
/// of two nodes made before it. The last one is the root (the only leaf, if there are no merges).
struct BinaryTree {
  struct Merge {
    int left, right;
  };
  int leaves = 0;
  std::vector<Merge> merges;
};

class TreeRnn : public Module {
 public:
  /// Child "merge", a Linear 2D -> D with Xavier weights.
  TreeRnn(std::int64_t units, Rng& rng);

  /// leaves [L, D] -> every node [L + merges, D], the root last. Throws std::invalid_argument for a
  /// tree with another number of leaves, or a merge of nodes that do not exist yet.
  Variable forward(const Variable& leaves, const BinaryTree& tree);

 private:
  Linear merge_;
};

}  // namespace tengen
