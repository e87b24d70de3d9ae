// Perfect-information two-player games: Game is what never changes (rules, sizes, symmetries),
// State is one position with its history.
//
// To add a game: copy envs/tic_tac_toe/, add one line to the table in envs/registry.cpp, and the
// tests, the search, training, GTP and every tool know it. check_state_invariants() (tests/support)
// checks any game.
//
// Conventions: players are 0 (moves first; Black in Go) and 1. Values and returns lie in [-1, 1].
// Actions are dense indices in [0, num_actions()). Go-like games put pass last.
// Observations are [height, width, channels] floats, row 0 at the top of the board as printed, from
// the point of view of the player to move.
// Thread safety: a Game is immutable and shared; a State belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tengen {
class Rng;
}

namespace tengen::envs {

using Action = std::int32_t;
inline constexpr Action kNoAction = -1;

struct ObservationShape {
  int height = 0, width = 0, channels = 0;
  int cells() const { return height * width; }
  int size() const { return height * width * channels; }
  friend bool operator==(const ObservationShape&, const ObservationShape&) = default;
};

class State;

class Game {
 public:
  virtual ~Game() = default;

  /// Canonical description with every option that matters, e.g. "go:size=9,komi=7.5,...";
  /// make_game(spec()) makes an equal game.
  virtual std::string spec() const = 0;
  /// The name alone: "go", "connect_four".
  virtual std::string name() const = 0;

  virtual int num_actions() const = 0;
  virtual ObservationShape observation_shape() const = 0;
  /// No game is longer than this: implementations end the game by rule at this ply. (A Go state
  /// that people play on may have the limit lifted: go_state.hpp.)
  virtual int max_plies() const = 0;

  /// The game must outlive its states, which point to it.
  virtual std::unique_ptr<State> new_initial_state() const = 0;

  /// Symmetries of the board under which rules and outcome do not change; index 0 is the identity.
  virtual int num_symmetries() const { return 1; }
  /// The cell (row * width + column) that `cell` moves to under the symmetry.
  virtual int transform_cell(int /*symmetry*/, int cell) const { return cell; }
  /// The action that `action` becomes under the symmetry.
  virtual Action transform_action(int /*symmetry*/, Action action) const { return action; }

  /// As people write it: "D4", "pass", "4" (Connect Four column), "b2".
  virtual std::string action_to_string(Action action) const = 0;
  /// Inverse of action_to_string, case-insensitive; nullopt if it names no action.
  virtual std::optional<Action> parse_action(std::string_view text) const = 0;
};

class State {
 public:
  virtual ~State() = default;

  virtual const Game& game() const = 0;

  /// 0 or 1. Undefined at a terminal state.
  virtual int current_player() const = 0;
  virtual bool is_terminal() const = 0;
  /// Result for `player` of a terminal state: 1 win, 0 draw, -1 loss. Zero-sum.
  virtual float returns(int player) const = 0;
  /// Plies played from the initial state.
  virtual int ply() const = 0;

  /// Replaces `out` by the legal actions in increasing order; never empty unless terminal.
  virtual void legal_actions(std::vector<Action>& out) const = 0;
  /// Any int is allowed; false for those outside [0, num_actions()) and at terminal states.
  virtual bool is_legal(Action action) const = 0;
  /// The action must be legal (DCHECKed; callers with outside input ask is_legal first).
  virtual void apply(Action action) = 0;
  /// Takes back the last apply(); ply() > 0.
  virtual void undo() = 0;

  /// 64-bit key of all that decides the future: position, side to move and what the rules need of
  /// the history. Equal positions reached by different paths should have equal keys if and only if
  /// their futures are equal.
  virtual std::uint64_t key() const = 0;
  /// Key of all that write_observation() shows; evaluations may be cached under it.
  virtual std::uint64_t observation_key() const { return key(); }

  /// Writes game().observation_shape().size() floats, [H, W, C], side to move first.
  virtual void write_observation(std::span<float> out) const = 0;

  virtual std::unique_ptr<State> clone() const = 0;
  /// Becomes a copy of `other`, a state of the same game, reusing memory.
  virtual void copy_from(const State& other) = 0;

  /// Plays one uniformly random game from here to its end and returns its result for `player`
  /// (0 or 1), in [-1, 1]; adds the plies it played to *plies, if given. This state does not
  /// change. The default clones and applies random legal actions; games override it with something
  /// much faster, which may leave out moves that never help (Go does not fill its own eyes).
  virtual float random_playout(Rng& rng, int player, int* plies = nullptr) const;

  /// The board as people look at it, several lines.
  virtual std::string to_string() const = 0;
};

}  // namespace tengen::envs
