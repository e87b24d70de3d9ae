// Evaluators that need no net, and decorators of any evaluator.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/base/random.hpp"
#include "mcts/evaluator.hpp"

namespace tengen::mcts {

/// Equal priors, value 0.
class UniformEvaluator : public Evaluator {
 public:
  void evaluate(std::span<EvalItem> batch) override;
};

/// Equal priors; the value is the mean of `rollouts` uniformly random games
/// (State::random_playout). "Pure MCTS".
class RolloutEvaluator : public Evaluator {
 public:
  RolloutEvaluator(Rng rng, int rollouts = 1) : rng_(rng), rollouts_(rollouts) {}
  void evaluate(std::span<EvalItem> batch) override;

 private:
  Rng rng_;
  int rollouts_;
};

/// Pseudo-random priors and value, a function of the state's key alone: for benches and tests.
class HashEvaluator : public Evaluator {
 public:
  void evaluate(std::span<EvalItem> batch) override;
};

/// Remembers the inner evaluator's answers under State::observation_key and the legal actions. A
/// fixed number of slots, a newer position replaces an older one in its slot; exact hits only
/// (64-bit keys).
class CachingEvaluator : public Evaluator {
 public:
  /// Holds about `max_bytes` of answers.
  CachingEvaluator(std::unique_ptr<Evaluator> inner, std::size_t max_bytes);
  ~CachingEvaluator() override;
  void evaluate(std::span<EvalItem> batch) override;
  std::uint64_t hits() const;
  std::uint64_t lookups() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tengen::mcts
