// Monte Carlo tree search with PUCT over one tree (AlphaZero, Silver et al. 2018).
//
// Search owns a tree and the state at its root, and can be driven in two ways:
//   - step by step: begin(), then collect() leaves into a batch that the caller evaluates together
//     with those of other games, then absorb(). Self-play walks many Searches so (BatchedSearch).
//   - at once: run() with an Evaluator. ParallelSearch runs several threads on one Search's tree.
// Values in results are for the side to move at the root unless said otherwise.
// Thread safety: one thread at a time.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/base/random.hpp"
#include "envs/game.hpp"
#include "mcts/config.hpp"
#include "mcts/evaluator.hpp"
#include "mcts/proof.hpp"

namespace tengen::mcts {

/// What the search found out about one root action.
struct ActionStats {
  envs::Action action = envs::kNoAction;
  int visits = 0;
  float q = 0;      // the proven value, or the mean of the visits; 0 without visits
  float lcb = -1;   // lower confidence bound of q (SearchConfig::lcb_errors); may be < -1
  float prior = 0;  // with root noise, if any was added
  Proof proof = Proof::unknown;  // for the side to move at the root
  float improved = 0;            // Gumbel's improved policy (gumbel.hpp); 0 under PUCT
};

struct SearchResult {
  std::vector<ActionStats> actions;  // all legal ones, in legal order
  /// The move by sequential halving (Gumbel) or by lcb (SearchConfig::lcb_move); kNoAction: it is
  /// the most visited one.
  envs::Action choice = envs::kNoAction;
  float value = 0;               // mean of the root's visits, exact once proven
  Proof proof = Proof::unknown;  // of the root
  int simulations = 0;           // visits of the root
  double seconds = 0;
  std::vector<envs::Action> principal_variation;  // most promising line, first move first
};

/// The move to play: a proven win if there is one, never a proven loss unless all are; else drawn
/// with probability proportional to the policy target^(1/temperature); temperature 0 takes the
/// search's choice, or the most visited (ties: higher q, then prior).
envs::Action select_move(const SearchResult& result, double temperature, Rng& rng);

/// Training target over all of the game's actions: visits / sum of visits, or Gumbel's improved
/// policy; a proven win takes all, proven losses get nothing (unless all lose). `out` has
/// num_actions() entries, 0 where illegal.
void write_policy_target(const SearchResult& result, std::span<float> out);

class Search {
 public:
  struct Impl;  // search_impl.hpp
  Search(std::shared_ptr<const envs::Game> game, SearchConfig config);
  ~Search();
  Search(Search&&) noexcept;
  Search& operator=(Search&&) noexcept;

  const SearchConfig& config() const;
  /// Keeps the tree, unless it is too large for a lowered bound: then it begins anew.
  void set_config(const SearchConfig& config);

  /// Starts a new tree at a copy of `root`, a state of the game given to the constructor (the
  /// object itself: a State refers to its Game).
  void reset(const envs::State& root);
  /// Plays `action` at the root and keeps what the tree knows below it.
  void advance(envs::Action action);
  const envs::State& root_state() const;

  // Step by step -------------------------------------------------------------------------------
  /// Before the first collect() at each root: draws fresh root noise from `rng` (if configured), or
  /// what Gumbel needs to share out `simulations`.
  void begin(Rng& rng, int simulations);
  /// Walks down the tree until `max_leaves` leaves wait for evaluation or the root has (with them)
  /// `simulations` visits; appends their EvalItems to `batch`. Terminal and proven leaves are
  /// backed up at once. The items' memory belongs to the Search until absorb(). Returns the number
  /// appended.
  int collect(int max_leaves, int simulations, std::vector<EvalItem>& batch);
  /// Expands and backs up the collected leaves, whose priors and values are now filled in `items`:
  /// the same items, in the order in which collect() appended them.
  void absorb(std::span<const EvalItem> items);
  /// Visits of the root, or no more to learn: the root is proven or has one legal action... `done`
  /// is what self-play asks before playing a move.
  bool done(int simulations) const;

  // At once ------------------------------------------------------------------------------------
  /// begin() and simulate until a limit is met (at least one simulation; with no limit at all
  /// throws std::invalid_argument). Leaves are evaluated `leaves_per_batch` at a time; 1 is the
  /// exact sequential search.
  SearchResult run(Evaluator& evaluator, const SearchLimits& limits, Rng& rng,
                   int leaves_per_batch = 1);

  int simulations() const;  // visits of the root
  std::size_t tree_bytes() const;
  SearchResult result() const;

 private:
  friend class ParallelSearch;
  void average_root(Evaluator& evaluator);
  void simulate_batch(Evaluator& evaluator, int max_leaves, int simulations);

  std::unique_ptr<Impl> impl_;
};

}  // namespace tengen::mcts
