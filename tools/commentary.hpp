// What search players thought during a match: the value of each of their moves, for showing a game
// move by move. Wraps the players of a match; the games themselves do not change.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

#include "selfplay/player.hpp"

namespace tengen::tools {

/// A search's opinion of the move it played.
struct MoveNote {
  float value = 0;  // in [-1, 1], for the side that moves
  int simulations = 0;
};

/// The notes of all games of a match, found again by player, position and move (the latest, if it
/// came up more than once). Thread-safe.
class Commentary {
 public:
  /// Wraps a player so that its notes are kept here; this object must outlive it.
  std::unique_ptr<selfplay::Player> attend(std::unique_ptr<selfplay::Player> player);

  /// What the player of this name thought of `action` in `state`, if a search chose it.
  std::optional<MoveNote> find(const std::string& player, const envs::State& state,
                               envs::Action action) const;

 private:
  friend class CommentedPlayer;
  using Key = std::tuple<std::string, std::uint64_t, envs::Action>;  // player, State::key, move

  void add(Key key, const MoveNote& note);

  mutable std::mutex mutex_;  // guards notes_
  std::map<Key, MoveNote> notes_;
};

}  // namespace tengen::tools
