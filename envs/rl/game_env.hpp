// Two-player games as environments: against an Opponent, or with the agent on both sides.
//
// Against an opponent a step is the agent's move and the answer. The observation is the game's own,
// from the agent's point of view, all 0 when the game is over; legal moves are the action mask; the
// reward is the game's result for the agent, in [-1, 1], when it ends, and 0 before.
//
// With Side::both (self-play) a step is one ply: the observation is that of who is to move, the
// reward that of who has just moved. The sides take turns, so the value of the next observation
// counts with the opposite sign.
//
// Every game is an environment by its own name and options (registry.hpp), against random moves.
// Others play through make_game_vector_env().
#pragma once

#include <memory>
#include <vector>

#include "engine/base/spec.hpp"
#include "envs/game.hpp"
#include "envs/rl/batch.hpp"

namespace tengen::envs::rl {

/// A game of a batch that waits for the opponent's move.
struct Turn {
  const State& state;   // not terminal
  int game;             // which of the batch
  NumpyRandom& random;  // the game's own: what is left to chance is drawn from it alone, so that
                        // one seed gives one game
};

/// Whoever plays the other side in all games of a batch. One opponent may serve many batches, one
/// call at a time.
class Opponent {
 public:
  virtual ~Opponent() = default;
  /// Writes a legal move for each turn.
  virtual void select_actions(std::span<const Turn> turns, std::span<Action> actions) = 0;
};

/// Plays every legal move with the same probability.
class RandomOpponent final : public Opponent {
 public:
  void select_actions(std::span<const Turn> turns, std::span<Action> actions) override;

 private:
  std::vector<Action> legal_;
};

/// The agent's part: to move first, second, by a new throw of the coin for every game, or both.
enum class Side { first, second, random, both };

/// A group for Batch (batch.hpp): `count` games at once.
class Games {
 public:
  /// Each game begins with 0 to `opening_plies` (drawn anew) random moves, of both sides and none
  /// of them the last, so that positions are met which good play never leads to. Throws
  /// std::invalid_argument without an opponent, unless for Side::both.
  Games(std::shared_ptr<const Game> game, std::shared_ptr<Opponent> opponent, Side side, int count,
        int opening_plies = 0);

  EnvSpec spec() const;
  int size() const { return static_cast<int>(states_.size()); }
  void reset(std::span<const int> which, std::span<NumpyRandom> randoms);
  void step(std::span<const float> actions, std::span<NumpyRandom> randoms, const StepRows& out);
  void observe(int i, std::span<float> out) const;
  void action_mask(int i, std::span<std::uint8_t> out) const;

  /// A step without what is written of it.
  void play(std::span<const float> actions, std::span<NumpyRandom> randoms);
  /// Of the last play.
  Outcome outcome(int i) const;

 private:
  void begin(int i, NumpyRandom& random);
  /// Lets the opponent play until it is the agent's turn everywhere or the game is over.
  void await_turns(std::span<const int> which, std::span<NumpyRandom> randoms);
  /// Plays the actions_ of the turns_.
  void answer();

  std::shared_ptr<const Game> game_;
  std::shared_ptr<Opponent> opponent_;
  Side side_;
  int opening_plies_;
  std::unique_ptr<State> initial_;
  std::vector<std::unique_ptr<State>> states_;
  std::vector<int> players_;  // the agent's: 0 or 1; with Side::both, of who moved last
  std::vector<int> all_;      // 0, 1, .., size() - 1
  std::vector<Turn> turns_;   // memory of await_turns
  std::vector<Action> actions_;
  mutable std::vector<Action> legal_;  // memory of begin and action_mask
};

/// One game.
class GameDynamics final : public Dynamics {
 public:
  /// `games` of size 1.
  explicit GameDynamics(Games games) : games_(std::move(games)) {}

  EnvSpec spec() const override { return games_.spec(); }
  void reset(NumpyRandom& random) override;
  Outcome step(std::span<const float> action, NumpyRandom& random) override;
  void observe(std::span<float> out) const override { games_.observe(0, out); }
  void action_mask(std::span<std::uint8_t> out) const override { games_.action_mask(0, out); }

 private:
  Games games_;
};

/// `count` > 0 games at once, the rest as for Games.
std::unique_ptr<VectorEnv> make_game_vector_env(std::shared_ptr<const Game> game,
                                                std::shared_ptr<Opponent> opponent, Side side,
                                                int count, int opening_plies = 0);
/// The games of a description: a game with its options, and side=first|second|random|both (random),
/// against random moves. Options of others stay in `spec` for the caller.
Games games_from_spec(Spec& spec, int count);

}  // namespace tengen::envs::rl
