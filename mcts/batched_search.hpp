// The self-play driver: one thread walks many trees in turn, gathers their leaves into one batch
// and evaluates it itself: no queue, no lock, full batches, reproducible.
#pragma once

#include <span>
#include <vector>

#include "mcts/search.hpp"

namespace tengen::mcts {

class BatchedSearch {
 public:
  /// The evaluator must outlive this driver. Each round takes up to `leaves_per_search` leaves of
  /// each search (more than 1 trades search quality for batch size).
  explicit BatchedSearch(Evaluator& evaluator, int leaves_per_search = 1);

  struct Job {
    Search* search = nullptr;
    int simulations = 0;  // target of the present move
  };
  /// One round over the jobs that are not done(): collect, evaluate, absorb. Returns the number of
  /// leaves evaluated; 0 does not mean that all are done (terminal leaves need no evaluation).
  int round(std::span<const Job> jobs);

 private:
  Evaluator& evaluator_;
  const int leaves_per_search_;
  std::vector<EvalItem> batch_;     // reused
  std::vector<int> leaves_of_job_;  // reused
};

}  // namespace tengen::mcts
