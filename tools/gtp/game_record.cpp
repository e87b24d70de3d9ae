#include "tools/gtp/game_record.hpp"

#include <utility>

#include "envs/go/go_state.hpp"
#include "tools/gtp/engine.hpp"

namespace tengen::gtp {
namespace {

/// Komi, set-up stones, handicap and prisoners of `from`, a state of another Go game of the same
/// size.
void set_up_as(const envs::go::GoState& from, envs::State& to) {
  std::vector<envs::Action> black, white;
  const std::span<const envs::go::Color> stones = from.setup_stones();
  for (std::size_t cell = 0; cell < stones.size(); ++cell) {
    if (stones[cell] == envs::go::Color::kBlack) black.push_back(static_cast<envs::Action>(cell));
    if (stones[cell] == envs::go::Color::kWhite) white.push_back(static_cast<envs::Action>(cell));
  }
  envs::go::GoState& go = *envs::go::as_go(to);
  go.set_komi(from.komi());
  go.set_up(black, white, from.setup_to_move(), from.handicap(), from.setup_prisoners());
}

bool apply_legal(envs::State& state, envs::Action action) {
  const bool legal = state.is_legal(action);
  if (legal) state.apply(action);
  return legal;
}

}  // namespace

GameRecord::GameRecord(std::shared_ptr<const envs::Game> game, std::unique_ptr<envs::State> start)
    : game_(std::move(game)), start_(std::move(start)) {
  if (envs::go::GoState* go = envs::go::as_go(*start_)) go->lift_ply_limit();
  state_ = start_->clone();
}

std::unique_ptr<envs::State> GameRecord::state_for(int player) const {
  std::unique_ptr<envs::State> state = state_->clone();
  if (envs::go::GoState* go = envs::go::as_go(*state)) go->set_to_move(player);
  if (state->is_terminal() || state->current_player() != player) return nullptr;
  return state;
}

bool GameRecord::play(int player, envs::Action action) { return add(player, action, true); }

bool GameRecord::execute(int player, envs::Action action) { return add(player, action, false); }

bool GameRecord::add(int player, envs::Action action, bool lawful) {
  const bool passes_after_end = state_->is_terminal() && game_->parse_action("pass") == action;
  if (!passes_after_end && !apply(player, action, lawful)) return false;
  moves_.push_back({player, action});
  return true;
}

/// In place: a copy of the state grows with the game.
bool GameRecord::apply(int player, envs::Action action, bool lawful) {
  envs::go::GoState* go = envs::go::as_go(*state_);
  if (!go) return state_->current_player() == player && apply_legal(*state_, action);
  const envs::go::GoState::Turn turn = go->turn();
  go->set_to_move(player);
  const bool applied = lawful ? apply_legal(*go, action) : go->execute(action);
  if (!applied) go->set_turn(turn);
  return applied;
}

bool GameRecord::undo(std::size_t count) {
  if (count > moves_.size()) return false;
  replay(game_, start_->clone(), std::span(moves_).first(moves_.size() - count));
  return true;
}

void GameRecord::change_start(std::unique_ptr<envs::State> start) {
  replay(game_, std::move(start), moves_);
}

void GameRecord::change_game(std::shared_ptr<const envs::Game> game) {
  std::unique_ptr<envs::State> start = game->new_initial_state();
  if (const envs::go::GoState* old = envs::go::as_go(*start_)) set_up_as(*old, *start);
  replay(std::move(game), std::move(start), moves_);
}

void GameRecord::replay(std::shared_ptr<const envs::Game> game, std::unique_ptr<envs::State> start,
                        std::span<const Move> moves) {
  GameRecord replayed(std::move(game), std::move(start));
  for (const Move& move : moves)
    if (!replayed.execute(move.player, move.action)) throw Failure("the moves cannot be replayed");
  replayed.file_ = std::move(file_);
  *this = std::move(replayed);
}

}  // namespace tengen::gtp
