#include "mcts/batched_search.hpp"

#include <algorithm>

#include "engine/base/error.hpp"

namespace tengen::mcts {

BatchedSearch::BatchedSearch(Evaluator& evaluator, int leaves_per_search)
    : evaluator_(evaluator), leaves_per_search_(leaves_per_search) {
  if (leaves_per_search < 1)
    bad_argument("BatchedSearch", "expected leaves_per_search >= 1, got {}", leaves_per_search);
}

int BatchedSearch::round(std::span<const Job> jobs) {
  batch_.clear();
  leaves_of_job_.assign(jobs.size(), 0);
  for (std::size_t i = 0; i < jobs.size(); ++i)
    if (!jobs[i].search->done(jobs[i].simulations))
      leaves_of_job_[i] = jobs[i].search->collect(leaves_per_search_, jobs[i].simulations, batch_);
  if (batch_.empty()) return 0;

  evaluator_.evaluate(batch_);
  std::span<const EvalItem> rest = batch_;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (leaves_of_job_[i] == 0) continue;
    jobs[i].search->absorb(rest.first(leaves_of_job_[i]));
    rest = rest.subspan(leaves_of_job_[i]);
  }
  return static_cast<int>(batch_.size());
}

}  // namespace tengen::mcts
