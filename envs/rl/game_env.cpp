#include "envs/rl/game_env.hpp"

#include <algorithm>
#include <numeric>

#include "engine/base/error.hpp"
#include "envs/registry.hpp"

namespace tengen::envs::rl {

void RandomOpponent::select_actions(std::span<const Turn> turns, std::span<Action> actions) {
  for (std::size_t i = 0; i < turns.size(); ++i) {
    turns[i].state.legal_actions(legal_);
    actions[i] = legal_[turns[i].random.integers(static_cast<std::uint32_t>(legal_.size()))];
  }
}

Games::Games(std::shared_ptr<const Game> game, std::shared_ptr<Opponent> opponent, Side side,
             int count, int opening_plies)
    : game_(std::move(game)),
      opponent_(std::move(opponent)),
      side_(side),
      opening_plies_(opening_plies),
      initial_(game_->new_initial_state()),
      players_(count),
      all_(count) {
  if (!opponent_ && side_ != Side::both)
    bad_argument("Games", "expected an opponent for a side of {}, got none", game_->spec());
  for (int i = 0; i < count; ++i) states_.push_back(initial_->clone());
  std::iota(all_.begin(), all_.end(), 0);
}

EnvSpec Games::spec() const {
  const ObservationShape shape = game_->observation_shape();
  return {.id = game_->name(),
          .observation_space = Space::box(0, 1, {shape.height, shape.width, shape.channels}),
          .action_space = Space::discrete(game_->num_actions()),
          .masks_actions = true};
}

void Games::reset(std::span<const int> which, std::span<NumpyRandom> randoms) {
  // The opponent may win with its answer to an opening: then there is nothing left to play.
  for (std::vector<int> left(which.begin(), which.end()); !left.empty();) {
    for (const int i : left) begin(i, randoms[i]);
    await_turns(left, randoms);
    std::erase_if(left, [&](int i) { return !states_[i]->is_terminal(); });
  }
}

void Games::begin(int i, NumpyRandom& random) {
  State& state = *states_[i];
  state.copy_from(*initial_);
  players_[i] = side_ == Side::random ? static_cast<int>(random.integers(2))
                                      : static_cast<int>(side_ == Side::second);
  if (opening_plies_ == 0) return;
  const auto plies = random.integers(static_cast<std::uint32_t>(opening_plies_) + 1);
  for (std::uint32_t ply = 0; ply < plies; ++ply) {
    state.legal_actions(legal_);
    state.apply(legal_[random.integers(static_cast<std::uint32_t>(legal_.size()))]);
    if (state.is_terminal()) return state.undo();
  }
}

void Games::await_turns(std::span<const int> which, std::span<NumpyRandom> randoms) {
  if (side_ == Side::both) return;
  do {
    turns_.clear();
    for (const int i : which)
      if (!states_[i]->is_terminal() && states_[i]->current_player() != players_[i])
        turns_.push_back({*states_[i], i, randoms[i]});
    answer();
  } while (!turns_.empty());
}

void Games::answer() {
  if (turns_.empty()) return;
  actions_.assign(turns_.size(), kNoAction);
  opponent_->select_actions(turns_, actions_);
  for (std::size_t k = 0; k < turns_.size(); ++k) {
    State& state = *states_[turns_[k].game];
    if (!state.is_legal(actions_[k]))
      bad_argument("Games", "expected a legal move of the opponent at ply {} of {}, got {}",
                   state.ply(), game_->spec(), actions_[k]);
    state.apply(actions_[k]);
  }
}

void Games::play(std::span<const float> actions, std::span<NumpyRandom> randoms) {
  for (const int i : all_) {
    if (side_ == Side::both) players_[i] = states_[i]->current_player();
    states_[i]->apply(static_cast<Action>(actions[i]));
  }
  await_turns(all_, randoms);
}

Outcome Games::outcome(int i) const {
  if (!states_[i]->is_terminal()) return {0, false};
  return {states_[i]->returns(players_[i]), true};
}

void Games::step(std::span<const float> actions, std::span<NumpyRandom> randoms,
                 const StepRows& out) {
  play(actions, randoms);
  const std::size_t width = out.observations.size() / states_.size();
  for (const int i : all_) {
    const auto [reward, terminated] = outcome(i);
    out.rewards[i] = static_cast<float>(reward);
    out.terminated[i] = terminated;
    observe(i, out.observations.subspan(i * width, width));
  }
}

void Games::observe(int i, std::span<float> out) const {
  if (states_[i]->is_terminal())
    std::fill(out.begin(), out.end(), 0.0f);
  else
    states_[i]->write_observation(out);
}

void Games::action_mask(int i, std::span<std::uint8_t> out) const {
  states_[i]->legal_actions(legal_);
  std::ranges::fill(out, 0);
  for (const Action action : legal_) out[action] = 1;
}

void GameDynamics::reset(NumpyRandom& random) {
  const int only = 0;
  games_.reset({&only, 1}, {&random, 1});
}

Outcome GameDynamics::step(std::span<const float> action, NumpyRandom& random) {
  games_.play(action, {&random, 1});
  return games_.outcome(0);
}

std::unique_ptr<VectorEnv> make_game_vector_env(std::shared_ptr<const Game> game,
                                                std::shared_ptr<Opponent> opponent, Side side,
                                                int count, int opening_plies) {
  if (count < 1) bad_argument("make_game_vector_env", "expected at least one game, got {}", count);
  Games games(std::move(game), std::move(opponent), side, count, opening_plies);
  EnvSpec spec = games.spec();
  return std::make_unique<Batch<Games>>(std::move(games), std::move(spec));
}

Games games_from_spec(Spec& spec, int count) {
  const std::string side = spec.get_choice("side", "random", "first|second|random|both");
  return {make_game(spec), std::make_shared<RandomOpponent>(),
          side == "first"    ? Side::first
          : side == "second" ? Side::second
          : side == "both"   ? Side::both
                             : Side::random,
          count};
}

}  // namespace tengen::envs::rl
