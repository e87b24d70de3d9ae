// One self-play game in progress: its search, its random stream, and the record being written.
// Used by one worker thread of play_games(); reused for game after game.
#pragma once

#include <memory>
#include <vector>

#include "mcts/search.hpp"
#include "selfplay/self_play.hpp"

namespace tengen::selfplay {

class SelfPlayGame {
 public:
  /// `config` must outlive this object.
  SelfPlayGame(const SelfPlayConfig& config, std::shared_ptr<const envs::Game> game);

  void start(std::uint64_t index, int iteration, const Rng& rng);

  mcts::Search& search() { return search_; }
  /// Root visits wanted for the present move.
  int simulations() const { return simulations_; }
  /// To call when the search is done: records and plays the move. True if the game is over.
  bool finish_move();
  /// The record of the game that is over.
  GameRecord take_record() { return std::move(record_); }

 private:
  void begin_move();
  double temperature() const;
  void record_move(const mcts::SearchResult& result, envs::Action action);
  bool ends_before_move(const mcts::SearchResult& result);

  const SelfPlayConfig& config_;
  const std::shared_ptr<const envs::Game> game_;
  mcts::SearchConfig full_search_, fast_search_;
  mcts::Search search_;
  std::unique_ptr<envs::State> state_;
  Rng rng_{0};
  GameRecord record_;
  bool full_ = true;  // the present move is searched in full
  int simulations_ = 0;
  std::vector<float> policy_;  // reused
};

}  // namespace tengen::selfplay
