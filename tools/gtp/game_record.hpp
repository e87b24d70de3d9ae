// The game that a GTP session plays: a starting position, the moves with their colours, and the
// position they lead to.
//
// GTP lets one colour move twice in a row and play on after two passes; a State does neither. In Go
// the move is then given to that colour (GoState::set_to_move). Other games accept only the side to
// move.
#pragma once

#include <memory>
#include <vector>

#include "envs/game.hpp"

namespace tengen::gtp {

class GameRecord {
 public:
  struct Move {
    int player = 0;
    envs::Action action = envs::kNoAction;
  };

  /// Starts at `start`, a state of `game`.
  GameRecord(std::shared_ptr<const envs::Game> game, std::unique_ptr<envs::State> start);

  const std::shared_ptr<const envs::Game>& game() const { return game_; }
  const envs::State& start() const { return *start_; }
  const envs::State& state() const { return *state_; }
  const std::vector<Move>& moves() const { return moves_; }
  /// How the start became the present state: actions, and kNoAction where the turn was given away.
  const std::vector<envs::Action>& path() const { return path_; }

  /// Makes `player` the one to move, or returns false and changes nothing.
  bool turn_to(int player);
  /// Plays, or returns false and changes nothing if that is illegal.
  bool play(int player, envs::Action action);
  /// Takes back the last move; false without one.
  bool undo();

  /// Replaces the start and plays the same moves from there, which must be legal.
  void change_start(std::unique_ptr<envs::State> start);

 private:
  void replay(const std::vector<Move>& moves);

  std::shared_ptr<const envs::Game> game_;
  std::unique_ptr<envs::State> start_, state_;
  std::vector<Move> moves_;
  std::vector<envs::Action> path_;
};

}  // namespace tengen::gtp
