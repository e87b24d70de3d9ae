// Knobs of the search, each with its meaning; defaults follow AlphaZero (Silver et al. 2018) where
// it states them, KataGo's and lc0's practice where it does not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tengen::mcts {

/// How a simulation chooses among the actions of a node.
enum class Selection : std::uint8_t {
  puct,    // AlphaZero (puct.hpp)
  gumbel,  // Gumbel AlphaZero (gumbel.hpp): for few simulations
};
/// "puct" or "gumbel"; anything else throws std::invalid_argument.
Selection parse_selection(const std::string& text);

struct SearchConfig {
  Selection selection = Selection::puct;

  // PUCT: Q(s,a) + P(s,a) * sqrt(N(s)) / (1 + N(s,a)) * (log((1 + N(s) + c_base) / c_base) +
  // c_init)
  float c_puct_init = 1.25f;
  float c_puct_base = 19652.0f;

  /// Dynamic c_puct (puct.hpp): times 1 + scale * (spread of the node's values / 0.4 - 1). 0: off.
  float c_puct_spread_scale = 0.0f;

  /// Q of a child never visited: the parent's value less reduction * sqrt(visited prior mass)
  /// (lc0 "reduction"); at the root the reduction is fpu_root_reduction.
  float fpu_reduction = 0.3f;
  float fpu_root_reduction = 0.0f;
  /// Instead: fpu_value, at the root fpu_root_value, for the player who chooses (lc0 "absolute").
  /// -1, a loss, is what AlphaZero's published pseudocode takes; the greater, the more is tried.
  bool fpu_absolute = false;
  float fpu_value = -1.0f;
  float fpu_root_value = -1.0f;

  /// Priors become P^(1 / temperature): of every node, and at the root once more.
  float policy_temperature = 1.0f;
  float root_policy_temperature = 1.0f;
  /// The root's priors are the mean over all symmetries of its game, where the evaluator has them.
  bool average_root = false;

  /// Root exploration noise: P <- (1 - fraction) P + fraction * Dirichlet(alpha). Fraction 0: none.
  /// alpha 0 chooses 10.83 / number of legal actions (KataGo: 0.03 * 361 spread over them).
  float noise_fraction = 0.0f;
  float noise_alpha = 0.0f;

  /// Gumbel: root actions that sequential halving starts with, at most; weight of the Gumbel noise
  /// (1 for training, 0 for the strongest play); sigma(q) = (c_visit + max N) c_scale (1 + q) / 2.
  int gumbel_actions = 16;
  float gumbel_scale = 0.0f;
  float gumbel_c_visit = 50.0f;
  float gumbel_c_scale = 1.0f;

  /// ActionStats::lcb lies so many standard errors below q; with lcb_move the move is that of the
  /// greatest lcb among those with at least lcb_share of the most visits (PUCT only).
  float lcb_errors = 5.0f;
  bool lcb_move = false;
  float lcb_share = 0.15f;

  /// Positions reached by several paths share one node (graph.hpp): PUCT on one thread or in
  /// rounds. Fixed for the life of a search.
  bool graph = false;

  /// Visits that a leaf counts for on its path while it waits for its evaluation (puct.hpp).
  int virtual_visits = 1;

  /// Hard bound of the tree's memory. When it is met the least visited nodes make room (tree.hpp);
  /// below 2 MiB a thread the tree instead stops growing: leaves are evaluated and backed up but
  /// not expanded.
  std::size_t max_tree_bytes = std::size_t{512} << 20;

  /// Proven wins, losses and draws are propagated and steer the choice of move (MCTS-Solver).
  bool use_solver = true;
};

/// When to stop; the first limit that is met ends the search. 0 means no such limit.
struct SearchLimits {
  int simulations = 0;      // visits of the root, those of a reused tree included
  double time_seconds = 0;  // wall clock
  /// Where the memory bound is met, ends instead of making room (ParallelSearch only).
  bool until_full = false;
};

}  // namespace tengen::mcts
