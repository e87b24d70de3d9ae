// A player that searches with any Evaluator, on one thread or several, keeping the tree from move
// to move.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "mcts/parallel_search.hpp"
#include "selfplay/player.hpp"

namespace tengen::selfplay {

struct SearchPlayerConfig {
  mcts::SearchConfig search;
  mcts::SearchLimits limits;  // per move
  /// One thread and one leaf a batch is the exact sequential search.
  mcts::ParallelConfig parallel = {.leaves_per_batch = 1, .stop_when_decided = false};
  int temperature_plies = 0;  // the game's first plies are drawn from visits^(1 / temperature)
  double temperature = 0.5;
  double resign_below = -2;                 // resigns when its root value is below; -2: never
  const std::atomic<bool>* stop = nullptr;  // may be null; once true, searches end early
};

class SearchPlayer : public Player {
 public:
  SearchPlayer(std::string name, std::shared_ptr<const envs::Game> game,
               const mcts::EvaluatorFactory& make_evaluator, const SearchPlayerConfig& config);
  ~SearchPlayer() override;

  std::string name() const override { return name_; }
  void new_game(const envs::State& start) override;
  void observe(envs::Action action) override;
  std::optional<envs::Action> select_action(const envs::State& state, Rng& rng) override;

  /// What the last select_action() found.
  const mcts::SearchResult& last_result() const { return last_result_; }

 private:
  const std::string name_;
  const SearchPlayerConfig config_;
  mcts::ParallelSearch search_;
  mcts::SearchResult last_result_;
};

}  // namespace tengen::selfplay
