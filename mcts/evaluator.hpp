// An Evaluator turns positions into priors over their legal actions and a value.
//
// It is called with batches; the virtual call is paid once per batch. Decorators (cache, symmetry)
// are Evaluators that own another one. An instance belongs to one thread; drivers with several
// threads make one instance per thread through an EvaluatorFactory.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "envs/game.hpp"

namespace tengen::mcts {

/// One position of a batch. `actions` are all legal actions of the non-terminal `*state`, in the
/// order of State::legal_actions.
struct EvalItem {
  const envs::State* state = nullptr;
  std::span<const envs::Action> actions;
  std::span<float> priors;  // out: same order as actions, non-negative, sums to 1
  float value = 0;          // out: in [-1, 1], for the side to move in *state
  /// Wanted: the mean over all symmetries of the game. Evaluators without symmetries ignore it.
  bool average_symmetries = false;
};

class Evaluator {
 public:
  virtual ~Evaluator() = default;
  /// Fills priors and value of every item.
  virtual void evaluate(std::span<EvalItem> batch) = 0;
};

/// Makes the evaluator of search thread `thread`; called once per thread, before it starts.
using EvaluatorFactory = std::function<std::unique_ptr<Evaluator>(int thread)>;

}  // namespace tengen::mcts
