// What is inside a Search; for search.cpp and ParallelSearch, which drives the same parts with
// several threads.
#pragma once

#include <memory>
#include <vector>

#include "mcts/gumbel.hpp"
#include "mcts/root_priors.hpp"
#include "mcts/search.hpp"
#include "mcts/tree.hpp"
#include "mcts/walker.hpp"

namespace tengen::mcts {

struct Search::Impl {
  Impl(std::shared_ptr<const envs::Game> game_in, const SearchConfig& config_in)
      : game(std::move(game_in)),
        config(config_in),
        root(game->new_initial_state()),
        tree(config.max_tree_bytes, config.graph),
        walker(tree, config, 0, &gumbel) {}

  void new_root() {
    priors.forget();
    gumbel.forget();
    root_averaged = false;
  }
  bool proven() const { return tree.root().proof != Proof::unknown; }
  int visits() const { return static_cast<int>(tree.root().visits); }

  std::shared_ptr<const envs::Game> game;
  SearchConfig config;
  std::unique_ptr<envs::State> root;
  Tree tree;
  RootPriors priors;
  GumbelRoot gumbel;
  bool root_averaged = false;  // the root's priors are, or will be, means over the symmetries
  Walker<Sharing::single> walker;
  std::vector<EvalItem> batch;  // of run()
};

/// Throws std::invalid_argument if a search from `root` with these limits could not run or end.
void check_can_run(const char* where, const envs::State& root, const SearchLimits& limits);

/// The root visits at which a run that starts with `visits` ends: at least one more than now.
int target_visits(const SearchLimits& limits, int visits);

/// What the tree says about its root. No search may run on it.
SearchResult make_result(const Search::Impl& search);
/// The most promising line that starts with `action` at the root, at least that action.
std::vector<envs::Action> make_variation(const Tree& tree, envs::Action action);
/// The visits of each of its moves.
std::vector<int> make_variation_visits(const Tree& tree, envs::Action action);

}  // namespace tengen::mcts
