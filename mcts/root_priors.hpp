// What the search of a move does to the root's priors:
//   P <- P^(1 / temperature), normalised                                        (root temperature)
//   P <- (1 - fraction) P + fraction * Dirichlet(alpha)     (noise; AlphaZero, Silver et al. 2018)
// The clean priors are kept, so that all of it can be done anew at the same root.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/random.hpp"
#include "mcts/config.hpp"
#include "mcts/tree.hpp"

namespace tengen::mcts {

/// P^(1 / temperature), normalised; temperature > 0. Priors that are all 0 stay.
void temper(std::span<float> priors, float temperature);

class RootPriors {
 public:
  /// The tree has a new root.
  void forget();
  /// Undoes what was done to the priors and does it anew, with new noise, as configured. If the
  /// root is not expanded yet, apply() does it when it is.
  void begin(Tree& tree, const SearchConfig& config, Rng& rng);
  /// Does what waits for the root's expansion; cheap if there is nothing.
  void apply(Tree& tree, const SearchConfig& config);

  /// Replaces the clean priors of an expanded root (legal order); between forget() and begin().
  static void replace(Tree& tree, std::span<const float> priors);

 private:
  bool waiting_ = false;
  std::optional<std::uint64_t> noise_seed_;
  std::vector<float> clean_;  // legal order; empty: nothing was changed
};

}  // namespace tengen::mcts
