#include "tools/gtp/game_record.hpp"

#include <utility>

#include "engine/base/check.hpp"

namespace tengen::gtp {

GameRecord::GameRecord(std::shared_ptr<const envs::Game> game)
    : game_(std::move(game)),
      pass_(game_->parse_action("pass")),
      state_(game_->new_initial_state()) {}

void GameRecord::apply(envs::Action action) {
  state_->apply(action);
  path_.push_back(action);
}

void GameRecord::take_back() {
  state_->undo();
  path_.pop_back();
}

bool GameRecord::last_was_pass() const { return pass_ && !path_.empty() && path_.back() == *pass_; }

bool GameRecord::turn_to(int player) {
  if (try_turn_to(player)) return true;
  replay(std::vector<Move>(moves_));
  return false;
}

bool GameRecord::try_turn_to(int player) {
  while (state_->is_terminal() && last_was_pass()) take_back();
  if (state_->is_terminal()) return false;
  if (state_->current_player() == player) return true;
  if (!pass_) return false;
  if (last_was_pass()) {
    take_back();
  } else {
    apply(*pass_);
  }
  return !state_->is_terminal() && state_->current_player() == player;
}

bool GameRecord::play(int player, envs::Action action) {
  // After two passes a further pass changes nothing: the game stays over.
  const bool over = state_->is_terminal() && last_was_pass() && action == *pass_;
  if (!over) {
    if (!try_turn_to(player) || !state_->is_legal(action)) {
      replay(std::vector<Move>(moves_));
      return false;
    }
    apply(action);
  }
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

void GameRecord::clear() { replay({}); }

void GameRecord::replay(const std::vector<Move>& moves) {
  state_ = game_->new_initial_state();
  path_.clear();
  moves_.clear();
  for (const Move& move : moves) {
    const bool played = play(move.player, move.action);
    CHECK_INVARIANT(played);
  }
}

}  // namespace tengen::gtp
