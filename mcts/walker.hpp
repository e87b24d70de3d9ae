// One thread's walks through a tree: select a leaf, and when it has been evaluated expand it and
// back its value up. Search has one Walker, ParallelSearch one per thread on the same tree.
//
// A Walker owns what a walk needs (states, paths, action and prior buffers) and reuses it, so a
// simulation allocates nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "envs/game.hpp"
#include "mcts/config.hpp"
#include "mcts/evaluator.hpp"
#include "mcts/gumbel.hpp"
#include "mcts/puct.hpp"
#include "mcts/sharing.hpp"
#include "mcts/tree.hpp"

namespace tengen::mcts {

/// How a walk ended.
enum class WalkEnd {
  leaf,       // a leaf waits for its evaluation
  resolved,   // a terminal or proven position, already backed up
  collision,  // it met a leaf that already waits; nothing was changed
};

template <Sharing S>
class Walker {
 public:
  /// Tree, config and the root's Gumbel draws must outlive the walker; `thread` names the tree's
  /// cursor that it uses. Without draws the root is a node as any other.
  Walker(Tree& tree, const SearchConfig& config, int thread = 0, const GumbelRoot* gumbel = nullptr)
      : tree_(tree), config_(config), thread_(thread), gumbel_(gumbel), scales_(config) {}

  /// To be called after a change of the config.
  void config_changed() { scales_.forget(); }

  /// Goes down from the root, whose state is `root`. For a leaf, appends its EvalItem to `batch`;
  /// the item's memory is the walker's and valid until absorb().
  WalkEnd walk(const envs::State& root, std::vector<EvalItem>& batch);

  /// Expands and backs up all leaves that wait. `items`: theirs, evaluated, in the same order.
  void absorb(std::span<const EvalItem> items);

  /// Gives up all leaves that wait, as if their walks had not been made.
  void cancel();

  /// Leaves that wait for absorb().
  int waiting() const { return waiting_; }

 private:
  using Path = std::vector<EdgeRef>;  // from the root's own edge down

  struct Leaf {
    std::unique_ptr<envs::State> state;
    Path path;
    std::vector<envs::Action> actions;
    std::vector<float> priors;
    std::uint64_t key = 0;  // of the position, in a graph
  };

  Leaf& free_leaf(const envs::State& root);
  bool descend(Path& path);
  EdgeRef select(const Edge& from, bool at_root);
  EdgeRef select_puct(Node& node, const Edge& from, int opened, bool at_root);
  EdgeRef select_gumbel(Node& node, const Edge& from, bool at_root);
  void resolve_terminal(Leaf& leaf, float value);
  void backup(const Path& path, FixedValue value, std::uint32_t marks);
  void backup_graph(const Path& path, FixedValue value, std::uint32_t marks);
  void prove_from_children(Edge& edge);
  bool meet(Leaf& leaf);
  void expand(const Leaf& leaf, const EvalItem& item);

  void mark(EdgeRef edge, std::uint32_t change);
  void mark_waiting();
  void unmark(const Path& path, std::uint32_t marks);
  std::uint32_t virtual_visits() const {
    return static_cast<std::uint32_t>(config_.virtual_visits);
  }
  /// Virtual visits that a walk in progress has on its own path.
  std::uint32_t own_marks() const { return S == Sharing::shared ? virtual_visits() : 0; }
  /// Those on the path of a leaf that waits.
  std::uint32_t marks_of(int leaf) const { return leaf < marked_ ? virtual_visits() : own_marks(); }

  Tree& tree_;
  const SearchConfig& config_;
  const int thread_;
  const GumbelRoot* const gumbel_;
  ExplorationScales scales_;
  ImprovedPolicy improved_;                    // of the node that select_gumbel() looks at
  std::vector<std::unique_ptr<Leaf>> leaves_;  // the first waiting_ wait
  int waiting_ = 0;
  int marked_ = 0;  // of these, the first that mark_waiting() has seen to
};

}  // namespace tengen::mcts
