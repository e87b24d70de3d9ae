// Evaluators that outlive a search, so that the next search of the same game finds what they have
// cached.
#pragma once

#include "mcts/evaluator.hpp"

namespace tengen::gtp {

/// Makes one evaluator per thread with `make`, when it is first asked for, and gives the same one
/// to every search: these may follow one another, but no two may run at the same time.
mcts::EvaluatorFactory kept_evaluators(mcts::EvaluatorFactory make);

}  // namespace tengen::gtp
