#include "engine/layers/tree_rnn.hpp"

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_slice.hpp"
#include "engine/base/error.hpp"

namespace tengen {

TreeRnn::TreeRnn(std::int64_t units, Rng& rng)
    : merge_(2 * units, units, rng, Linear::Init::xavier) {
  register_child("merge", merge_);
}

Variable TreeRnn::forward(const Variable& leaves, const BinaryTree& tree) {
  if (leaves.shape().rank() != 2 || leaves.shape()[0] != tree.leaves || tree.leaves < 1)
    bad_argument("TreeRnn", "expected leaves [{}, D], at least one, got {}", tree.leaves,
                 to_string(leaves.shape()));
  std::vector<Variable> nodes;  // [1, D] each
  for (int i = 0; i < tree.leaves; ++i) nodes.push_back(slice(leaves, 0, i, i + 1));
  for (const auto& [left, right] : tree.merges) {
    const auto made = static_cast<int>(nodes.size());
    if (left < 0 || right < 0 || left >= made || right >= made)
      bad_argument("TreeRnn", "expected a merge of two of {} nodes, got {} and {}", made, left,
                   right);
    nodes.push_back(tanh(merge_.forward(concat({nodes[left], nodes[right]}, 1))));
  }
  return concat(nodes, 0);
}

}  // namespace tengen
