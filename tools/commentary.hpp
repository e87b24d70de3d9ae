// What search players thought during a match: the value of each of their moves, for showing a game
// move by move. Wraps the players of a match; the games themselves do not change.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "selfplay/player.hpp"

namespace tengen::tools {

/// A search's opinion of the move it played.
struct MoveNote {
  float value = 0;  // in [-1, 1], for the side that moves
  int simulations = 0;
};

/// The notes of all games of a match, found again by the game's moves. Thread-safe.
class Commentary {
 public:
  /// Wraps a player so that its notes are kept here; this object must outlive it.
  std::unique_ptr<selfplay::Player> attend(std::unique_ptr<selfplay::Player> player);

  /// The note on move `ply` of the game with these actions, if a search played it.
  std::optional<MoveNote> find(std::span<const envs::Action> actions, std::size_t ply) const;

 private:
  friend class CommentedPlayer;
  using Moves = std::vector<envs::Action>;  // those before the move, then the move

  void add(Moves moves, const MoveNote& note);

  mutable std::mutex mutex_;  // guards notes_
  std::map<Moves, MoveNote> notes_;
};

}  // namespace tengen::tools
