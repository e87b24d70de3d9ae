// The game that a GTP session plays: a starting position, the moves with their colours, and the
// position they lead to.
//
// GTP lets one colour move twice in a row and play on after two passes; a State does neither. In Go
// the move is then given to that colour (GoState::set_to_move), and games have no ply limit. Other
// games accept only the side to move.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "envs/game.hpp"
#include "envs/go/sgf.hpp"

namespace tengen::gtp {

class GameRecord {
 public:
  struct Move {
    int player = 0;
    envs::Action action = envs::kNoAction;
    friend bool operator==(const Move&, const Move&) = default;
  };

  /// Starts at `start`, a state of `game`.
  GameRecord(std::shared_ptr<const envs::Game> game, std::unique_ptr<envs::State> start);

  const std::shared_ptr<const envs::Game>& game() const { return game_; }
  const envs::State& start() const { return *start_; }
  const envs::State& state() const { return *state_; }
  /// They alone lead from the start to the present state.
  const std::vector<Move>& moves() const { return moves_; }

  /// The file that the game was loaded from, for the names in it.
  const std::optional<envs::go::SgfGame>& file() const { return file_; }
  void set_file(envs::go::SgfGame file) { file_ = std::move(file); }

  /// A copy of the state with `player` to move; null if the game does not allow that.
  std::unique_ptr<envs::State> state_for(int player) const;
  /// Plays, or returns false and changes nothing if that is illegal. A pass in a game that is over
  /// is recorded and leaves it over.
  bool play(int player, envs::Action action);
  /// The same, but in Go whether or not the rules allow it (GoState::execute), as for games of the
  /// outside world.
  bool execute(int player, envs::Action action);
  /// Takes back the last `count` moves, or returns false and changes nothing if there are not as
  /// many. Plays the moves before them anew.
  bool undo(std::size_t count = 1);

  /// Replaces the game by one of the same board with other rules; start and moves stay, those too
  /// that the new rules forbid.
  void change_game(std::shared_ptr<const envs::Game> game);
  /// Replaces the start and executes the same moves from there. Throws Failure and changes nothing
  /// if one cannot be.
  void change_start(std::unique_ptr<envs::State> start);

 private:
  bool add(int player, envs::Action action, bool lawful);
  bool apply(int player, envs::Action action, bool lawful);
  void replay(std::shared_ptr<const envs::Game> game, std::unique_ptr<envs::State> start,
              std::span<const Move> moves);

  std::shared_ptr<const envs::Game> game_;
  std::unique_ptr<envs::State> start_, state_;
  std::vector<Move> moves_;
  std::optional<envs::go::SgfGame> file_;
};

}  // namespace tengen::gtp
