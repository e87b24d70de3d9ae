// The join of search and net: an mcts::Evaluator over an InferencePlan. Writes observations,
// evaluates, and softmaxes the logits over the legal actions only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/random.hpp"
#include "mcts/evaluator.hpp"
#include "nets/inference/inference_plan.hpp"

namespace tengen::selfplay {

/// out <- the observation with every cell moved to where the symmetry puts it; both [H, W, C].
void transform_observation(std::span<const float> observation, const envs::Game& game, int symmetry,
                           std::span<float> out);

class NetEvaluator : public mcts::Evaluator {
 public:
  /// The plan is shared by all threads. `symmetry_rng`: if given, each evaluation sees the position
  /// under a random symmetry of its game (AlphaGo Zero, Methods), undone on the policy.
  /// Throws std::invalid_argument if the plan does not fit the game.
  NetEvaluator(std::shared_ptr<const nets::InferencePlan> plan, const envs::Game& game,
               std::optional<Rng> symmetry_rng = std::nullopt);
  /// From now on every position is seen under this symmetry of its game, and none is drawn.
  void fix_symmetry(int symmetry) { symmetry_ = symmetry; }
  /// Any batch size: split into pieces of at most plan->max_batch(). Items that want the mean over
  /// the symmetries are evaluated under each of them. Computes on the plan's threads; of a plan of
  /// make_plan (net_plan.hpp) that is the calling thread alone.
  void evaluate(std::span<mcts::EvalItem> batch) override;

  /// What InferencePlan::evaluate alone has taken so far: the rest of evaluate() writes features
  /// and priors.
  struct NetUse {
    std::uint64_t evaluations = 0;  // positions
    double seconds = 0;             // wall clock
  };
  const NetUse& net_use() const { return net_use_; }

 private:
  void evaluate_piece(std::span<mcts::EvalItem> piece, std::optional<int> symmetry = std::nullopt);
  void evaluate_average(mcts::EvalItem& item);

  std::shared_ptr<const nets::InferencePlan> plan_;
  std::unique_ptr<nets::InferencePlan::Scratch> scratch_;
  std::optional<Rng> symmetry_rng_;
  std::optional<int> symmetry_;                                        // fixed
  std::vector<float> observations_, logits_, values_, plane_scratch_;  // reused
  std::vector<int> symmetries_;                                        // of the present piece
  NetUse net_use_;
};

}  // namespace tengen::selfplay
