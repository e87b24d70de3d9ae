// The game that a GTP session plays: moves with their colours, and the position they lead to.
//
// GTP lets one colour move twice in a row (handicap stones, set-up positions), a State does not. In
// games with a pass the other side's pass is put in between; where that would end the game, the
// pass that stands last is taken back instead, which gives the same board and side to move. A move
// after two passes takes those back, as GTP plays on after them. Games without a pass accept only
// the side to move.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "envs/game.hpp"

namespace tengen::gtp {

class GameRecord {
 public:
  struct Move {
    int player = 0;
    envs::Action action = envs::kNoAction;
  };

  explicit GameRecord(std::shared_ptr<const envs::Game> game);

  const std::shared_ptr<const envs::Game>& game() const { return game_; }
  const envs::State& state() const { return *state_; }
  const std::vector<Move>& moves() const { return moves_; }
  /// The actions applied to the initial state, inserted passes included.
  const std::vector<envs::Action>& path() const { return path_; }

  /// Makes `player` the one to move, as above, or returns false and changes nothing.
  bool turn_to(int player);
  /// Plays, or returns false and changes nothing if that is illegal.
  bool play(int player, envs::Action action);
  /// Takes back the last move with all that was inserted for it; false without one.
  bool undo();
  void clear();

 private:
  bool try_turn_to(int player);  // may leave passes inserted or taken back when it fails
  void apply(envs::Action action);
  void take_back();
  bool last_was_pass() const;
  void replay(const std::vector<Move>& moves);

  std::shared_ptr<const envs::Game> game_;
  std::optional<envs::Action> pass_;  // the game's pass, if it has one
  std::unique_ptr<envs::State> state_;
  std::vector<Move> moves_;
  std::vector<envs::Action> path_;
};

}  // namespace tengen::gtp
