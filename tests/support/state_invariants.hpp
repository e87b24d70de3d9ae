// What must hold for every game: check_state_invariants() plays random games and checks all of it.
#pragma once

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/hash.hpp"
#include "engine/base/random.hpp"
#include "envs/game.hpp"

namespace tengen::test {

using envs::Action;
using envs::Game;
using envs::State;

inline std::vector<Action> legal_actions_of(const State& state) {
  std::vector<Action> actions = {-7};  // must be replaced, not appended to
  state.legal_actions(actions);
  return actions;
}

inline std::vector<float> observation_of(const State& state) {
  std::vector<float> planes(static_cast<std::size_t>(state.game().observation_shape().size()),
                            std::nanf(""));
  state.write_observation(planes);
  return planes;
}

/// All that callers can see of a position.
struct Snapshot {
  explicit Snapshot(const State& state)
      : key(state.key()),
        observation_key(state.observation_key()),
        ply(state.ply()),
        player(state.is_terminal() ? -1 : state.current_player()),
        observation(observation_of(state)),
        actions(legal_actions_of(state)),
        board(state.to_string()) {}
  friend bool operator==(const Snapshot&, const Snapshot&) = default;

  std::uint64_t key, observation_key;
  int ply, player;
  std::vector<float> observation;
  std::vector<Action> actions;
  std::string board;
};

/// The legal list is increasing, agrees with is_legal, and has names that can be read back.
inline void check_actions(const State& state) {
  const Game& game = state.game();
  const std::vector<Action> actions = legal_actions_of(state);
  REQUIRE(actions.empty() == state.is_terminal());
  std::size_t listed = 0;
  for (Action action = -2; action < game.num_actions() + 2; ++action) {
    const bool legal = listed < actions.size() && actions[listed] == action;
    listed += legal;
    if (state.is_legal(action) != legal) FAIL("is_legal(" << action << ") differs from the list");
  }
  REQUIRE(listed == actions.size());
}

inline void check_observation(const State& state) {
  for (const float x : observation_of(state))
    if (!std::isfinite(x)) FAIL("an observation is not finite or was left unwritten");
}

/// Equal keys must mean equal futures and equal observation keys equal observations.
class KeyTable {
 public:
  void check(const State& state) {
    std::uint64_t future = state.is_terminal() ? 2 : static_cast<unsigned>(state.current_player());
    for (const Action action : legal_actions_of(state))
      future = hash_combine(future, static_cast<std::uint64_t>(action));
    std::uint64_t shown = 0;
    for (const float x : observation_of(state))
      shown = hash_combine(shown, static_cast<std::uint64_t>(x * 4096));
    REQUIRE(futures_.emplace(state.key(), future).first->second == future);
    REQUIRE(observations_.emplace(state.observation_key(), shown).first->second == shown);
  }

 private:
  std::map<std::uint64_t, std::uint64_t> futures_, observations_;
};

inline void check_end(const State& state, Rng& rng) {
  const float result = state.returns(0);
  REQUIRE(result == -state.returns(1));
  REQUIRE(std::abs(result) <= 1.0f);
  REQUIRE(state.random_playout(rng, 0) == result);
}

inline void check_playout(const State& state, Rng& rng) {
  const Snapshot before(state);
  int plies = 0;
  Rng first = rng.split(1), second = rng.split(1);
  const float result = state.random_playout(first, 1, &plies);
  REQUIRE((result == 1.0f || result == 0.0f || result == -1.0f));
  REQUIRE(state.random_playout(second, 0) == -result);  // the same game, the other side's view
  REQUIRE(state.ply() + plies <= state.game().max_plies());
  REQUIRE(Snapshot(state) == before);
}

/// The position's image under the symmetry: observation cells and legal actions move alike.
inline void check_image(const State& state, const State& image, int symmetry) {
  const Game& game = state.game();
  const auto shape = game.observation_shape();
  const std::vector<float> planes = observation_of(state), image_planes = observation_of(image);
  for (int cell = 0; cell < shape.cells(); ++cell) {
    const int to = game.transform_cell(symmetry, cell);
    for (int c = 0; c < shape.channels; ++c)
      if (planes[cell * shape.channels + c] != image_planes[to * shape.channels + c])
        FAIL("the observation does not follow symmetry " << symmetry);
  }
  REQUIRE(state.is_terminal() == image.is_terminal());
  for (Action action = 0; action < game.num_actions(); ++action)
    if (state.is_legal(action) != image.is_legal(game.transform_action(symmetry, action)))
      FAIL("legality does not follow symmetry " << symmetry);
}

inline void check_symmetries_are_bijections(const Game& game) {
  const int cells = game.observation_shape().cells();
  for (int s = 0; s < game.num_symmetries(); ++s) {
    std::vector<int> cell_hits(static_cast<std::size_t>(cells)), action_hits;
    action_hits.resize(static_cast<std::size_t>(game.num_actions()));
    for (int cell = 0; cell < cells; ++cell) ++cell_hits.at(game.transform_cell(s, cell));
    for (Action a = 0; a < game.num_actions(); ++a) ++action_hits.at(game.transform_action(s, a));
    REQUIRE(cell_hits == std::vector<int>(cell_hits.size(), 1));
    REQUIRE(action_hits == std::vector<int>(action_hits.size(), 1));
  }
  for (int cell = 0; cell < cells; ++cell) REQUIRE(game.transform_cell(0, cell) == cell);
  for (Action a = 0; a < game.num_actions(); ++a) REQUIRE(game.transform_action(0, a) == a);
}

inline void check_names(const Game& game) {
  for (Action action = 0; action < game.num_actions(); ++action)
    REQUIRE(game.parse_action(game.action_to_string(action)) == action);
  REQUIRE_FALSE(game.parse_action("").has_value());
  REQUIRE_FALSE(game.parse_action("zz99").has_value());
}

/// Plays one random game forward and back again, with its image under one symmetry beside it.
inline void check_random_game(const Game& game, int symmetry, KeyTable& keys, Rng& rng) {
  const std::unique_ptr<State> state = game.new_initial_state();
  const std::unique_ptr<State> image = game.new_initial_state();
  const std::unique_ptr<State> copy = game.new_initial_state();
  std::vector<Snapshot> history;
  while (!state->is_terminal()) {
    REQUIRE(state->ply() < game.max_plies());
    REQUIRE(state->ply() == static_cast<int>(history.size()));
    history.emplace_back(*state);
    check_actions(*state);
    check_observation(*state);
    check_image(*state, *image, symmetry);
    keys.check(*state);
    const std::vector<Action>& actions = history.back().actions;
    const Action action = actions[rng.below(static_cast<std::uint32_t>(actions.size()))];
    copy->copy_from(*state);
    REQUIRE(Snapshot(*copy) == history.back());
    const std::unique_ptr<State> other = state->clone();
    other->apply(action);
    REQUIRE(Snapshot(*state) == history.back());  // a clone shares nothing that changes
    state->apply(action);
    REQUIRE(Snapshot(*state) == Snapshot(*other));
    image->apply(game.transform_action(symmetry, action));
    if (rng.below(8) == 0) check_playout(*state, rng);
  }
  check_actions(*state);
  check_end(*state, rng);
  check_image(*state, *image, symmetry);
  REQUIRE(state->returns(0) == image->returns(0));
  for (; !history.empty(); history.pop_back()) {
    state->undo();
    REQUIRE(Snapshot(*state) == history.back());
  }
}

inline void check_state_invariants(const Game& game, Rng& rng, int games) {
  check_symmetries_are_bijections(game);
  check_names(game);
  KeyTable keys;
  for (int i = 0; i < games; ++i) check_random_game(game, i % game.num_symmetries(), keys, rng);
}

}  // namespace tengen::test
