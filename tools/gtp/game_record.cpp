#include "tools/gtp/game_record.hpp"

#include <utility>

#include "engine/base/check.hpp"
#include "envs/go/go_state.hpp"

namespace tengen::gtp {

GameRecord::GameRecord(std::shared_ptr<const envs::Game> game, std::unique_ptr<envs::State> start)
    : game_(std::move(game)), start_(std::move(start)), state_(start_->clone()) {}

bool GameRecord::turn_to(int player) {
  if (!state_->is_terminal() && state_->current_player() == player) return true;
  envs::go::GoState* go = envs::go::as_go(*state_);
  if (!go) return false;
  const std::unique_ptr<envs::State> before = state_->clone();
  go->set_to_move(1 - player);  // giving the move away and back takes passes off the record
  go->set_to_move(player);
  if (state_->is_terminal()) {  // not by two passes but by the length of the game
    state_->copy_from(*before);
    return false;
  }
  path_.push_back(envs::kNoAction);
  return true;
}

bool GameRecord::play(int player, envs::Action action) {
  const std::unique_ptr<envs::State> before = state_->clone();
  const std::size_t path_size = path_.size();
  if (!turn_to(player) || !state_->is_legal(action)) {
    state_->copy_from(*before);
    path_.resize(path_size);
    return false;
  }
  state_->apply(action);
  path_.push_back(action);
  moves_.push_back({player, action});
  return true;
}

bool GameRecord::undo() {
  if (moves_.empty()) return false;
  std::vector<Move> rest = moves_;
  rest.pop_back();
  replay(rest);
  return true;
}

void GameRecord::change_start(std::unique_ptr<envs::State> start) {
  start_ = std::move(start);
  replay(std::vector<Move>(moves_));
}

void GameRecord::replay(const std::vector<Move>& moves) {
  state_->copy_from(*start_);
  path_.clear();
  moves_.clear();
  for (const Move& move : moves) {
    const bool played = play(move.player, move.action);
    CHECK_INVARIANT(played);
  }
}

}  // namespace tengen::gtp
