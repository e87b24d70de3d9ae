#include "tools/gtp/kept_evaluators.hpp"

#include <map>
#include <memory>
#include <utility>

namespace tengen::gtp {
namespace {

/// A search's share in an evaluator.
class KeptEvaluator : public mcts::Evaluator {
 public:
  explicit KeptEvaluator(std::shared_ptr<mcts::Evaluator> kept) : kept_(std::move(kept)) {}
  void evaluate(std::span<mcts::EvalItem> batch) override { kept_->evaluate(batch); }

 private:
  const std::shared_ptr<mcts::Evaluator> kept_;
};

}  // namespace

mcts::EvaluatorFactory kept_evaluators(mcts::EvaluatorFactory make) {
  using ByThread = std::map<int, std::shared_ptr<mcts::Evaluator>>;
  return [make = std::move(make), kept = std::make_shared<ByThread>()](int thread) {
    std::shared_ptr<mcts::Evaluator>& evaluator = (*kept)[thread];
    if (!evaluator) evaluator = make(thread);
    return std::make_unique<KeptEvaluator>(evaluator);
  };
}

}  // namespace tengen::gtp
