#include "mcts/team_evaluator.hpp"

namespace tengen::mcts {

TeamEvaluator::TeamEvaluator(int threads, const EvaluatorFactory& make_evaluator)
    : failures_(threads), start_(threads), end_(threads) {
  for (int i = 0; i < threads; ++i) evaluators_.push_back(make_evaluator(i));
  for (std::size_t member = 1; member < evaluators_.size(); ++member)
    threads_.emplace_back([this, member] {
      for (start_.arrive_and_wait(); !over_; start_.arrive_and_wait()) {
        evaluate_part(member);
        end_.arrive_and_wait();
      }
    });
}

TeamEvaluator::~TeamEvaluator() {
  over_ = true;
  start_.arrive_and_wait();
}

void TeamEvaluator::evaluate(std::span<EvalItem> batch) {
  batch_ = batch;
  start_.arrive_and_wait();
  evaluate_part(0);
  end_.arrive_and_wait();
  for (const std::exception_ptr& failure : failures_)
    if (failure) std::rethrow_exception(failure);
}

void TeamEvaluator::evaluate_part(std::size_t member) noexcept {
  const std::size_t begin = batch_.size() * member / evaluators_.size();
  const std::size_t end = batch_.size() * (member + 1) / evaluators_.size();
  failures_[member] = nullptr;
  if (begin == end) return;
  try {
    evaluators_[member]->evaluate(batch_.subspan(begin, end - begin));
  } catch (...) {
    failures_[member] = std::current_exception();
  }
}

}  // namespace tengen::mcts
