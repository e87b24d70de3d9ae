// Several threads on one tree, for play and analysis: virtual visits keep them apart, each thread
// evaluates its own small batches of leaves with its own Evaluator (one single-threaded net stream
// per core is faster than one stream over all cores), and a clock, a visit limit or stop() ends it.
// Near the end of the time batches become as small as the rest of it allows. Where a time may end a
// Gumbel search its phases (gumbel.hpp) begin while no thread is in the tree.
//
// With `deterministic` the search goes in rounds: one thread gathers threads * leaves_per_batch
// leaves, all threads evaluate them, one thread backs them up in order. Limits of simulations then
// give the same search to the bit whatever the threads' timing (a clock cannot): it equals
// Search::run with threads * leaves_per_batch leaves a batch. The cost: the tree is walked by one
// thread while the others wait, and all wait for the slowest part. One thread always works so.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "mcts/search.hpp"

namespace tengen::mcts {

struct ParallelConfig {
  int threads = 1;
  int leaves_per_batch = 8;    // leaves each thread gathers before it evaluates them
  bool deterministic = false;  // see above
  /// Stop early when the most visited move would stay so whatever the rest of the limit brought, or
  /// when there is but one move. For play; analysis wants the full count.
  bool stop_when_decided = true;
};

/// What the searcher's own thread is shown while a search goes on, which then pauses.
struct Reports {
  double interval_seconds = 0;  // at least so long after one another
  std::function<void(const SearchResult&)> report;
};

class ParallelSearch {
 public:
  ParallelSearch(std::shared_ptr<const envs::Game> game, SearchConfig config,
                 ParallelConfig parallel, const EvaluatorFactory& make_evaluator);
  ~ParallelSearch();

  void reset(const envs::State& root);
  void advance(envs::Action action);
  const envs::State& root_state() const;
  void set_config(const SearchConfig& config);

  /// Blocks until a limit is met, the root is proven, the leader cannot be caught within the
  /// remaining limit, or *stop is true (may be null; any thread may set it, before the run too). At
  /// least one simulation is done. `reports`: may be null; the result itself is not reported.
  SearchResult run(const SearchLimits& limits, Rng& rng, const std::atomic<bool>* stop = nullptr,
                   const Reports* reports = nullptr);

  // Not during run(), but for its reports:
  /// Statistics of the present tree.
  SearchResult result() const;
  /// The most promising line that starts with `action` at the root.
  std::vector<envs::Action> variation(envs::Action action) const;
  /// The visits of each move of variation(action).
  std::vector<int> variation_visits(envs::Action action) const;
  /// The memory bound was met and no run has made room since.
  bool full() const;
  std::size_t tree_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tengen::mcts
