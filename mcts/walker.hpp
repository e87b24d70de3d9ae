// One thread's walks through a tree: select a leaf, and when it has been evaluated expand it and
// back its value up. Search has one Walker, ParallelSearch one per thread on the same tree.
//
// A Walker owns what a walk needs (states, paths, action and prior buffers) and reuses it, so a
// simulation allocates nothing.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "envs/game.hpp"
#include "mcts/config.hpp"
#include "mcts/evaluator.hpp"
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
  /// Tree and config must outlive the walker; `thread` names the tree's cursor that it uses.
  Walker(Tree& tree, const SearchConfig& config, int thread = 0)
      : tree_(tree), config_(config), thread_(thread) {}

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
  using Path = std::vector<Edge*>;  // from the root's own edge down

  struct Leaf {
    std::unique_ptr<envs::State> state;
    Path path;
    std::vector<envs::Action> actions;
    std::vector<float> priors;
  };

  Leaf& free_leaf(const envs::State& root);
  bool descend(Path& path);
  Edge& select(const Edge& from, bool at_root);
  Edge& open_or(Node& node, Edge* best);
  void resolve_terminal(Leaf& leaf, float value);
  void backup(const Path& path, FixedValue value);
  void prove_from_children(Edge& edge);
  void abandon(const Path& path);

  Tree& tree_;
  const SearchConfig& config_;
  const int thread_;
  std::vector<std::unique_ptr<Leaf>> leaves_;  // the first waiting_ wait
  int waiting_ = 0;
};

}  // namespace tengen::mcts
