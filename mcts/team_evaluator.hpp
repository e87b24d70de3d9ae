// One batch shared out over several threads: thread i evaluates the i-th part with its own
// evaluator. Which part that is depends on the size of the batch alone, so the answers do not
// depend on the threads' timing.
#pragma once

#include <barrier>
#include <exception>
#include <memory>
#include <thread>
#include <vector>

#include "mcts/evaluator.hpp"

namespace tengen::mcts {

class TeamEvaluator : public Evaluator {
 public:
  /// Starts threads - 1 threads, which sleep between batches; the caller of evaluate() is the first
  /// of the team.
  TeamEvaluator(int threads, const EvaluatorFactory& make_evaluator);
  ~TeamEvaluator() override;
  /// Throws on what one of the evaluators threw, when all are done.
  void evaluate(std::span<EvalItem> batch) override;

 private:
  void evaluate_part(std::size_t member) noexcept;

  std::vector<std::unique_ptr<Evaluator>> evaluators_;
  std::vector<std::exception_ptr> failures_;  // of the present batch, by member
  // Written before start_, read after it:
  std::span<EvalItem> batch_;
  bool over_ = false;
  std::barrier<> start_, end_;
  std::vector<std::jthread> threads_;
};

}  // namespace tengen::mcts
