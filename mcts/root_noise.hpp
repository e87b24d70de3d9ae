// Dirichlet noise on the root's priors: P <- (1 - fraction) P + fraction * Dirichlet(alpha)
// (AlphaZero, Silver et al. 2018, "Search"). The clean priors are kept, so that noise can be drawn
// anew at the same root.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/random.hpp"
#include "mcts/config.hpp"
#include "mcts/tree.hpp"

namespace tengen::mcts {

class RootNoise {
 public:
  /// The tree has a new root.
  void forget();
  /// Takes off the noise that is on and draws new noise, if configured. If the root is not expanded
  /// yet, apply() adds it when it is.
  void begin(Tree& tree, const SearchConfig& config, Rng& rng);
  /// Adds noise that waits for the root's expansion; cheap if there is none.
  void apply(Tree& tree, const SearchConfig& config);

 private:
  std::optional<std::uint64_t> waiting_seed_;
  std::vector<float> clean_priors_;  // legal order; empty: no noise is on
};

}  // namespace tengen::mcts
