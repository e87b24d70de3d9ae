#include "envs/rl/tabular/taxi.hpp"

#include <algorithm>
#include <array>

namespace tengen::envs::rl {
namespace {

constexpr int kSize = 5, kInTaxi = 4;
constexpr std::array<std::array<int, 2>, 4> kPlaces = {{{0, 0}, {0, 4}, {4, 0}, {4, 3}}};
/// Cells with a wall on their east side.
constexpr std::array<std::array<int, 2>, 6> kWalls = {
    {{0, 1}, {1, 1}, {3, 0}, {4, 0}, {3, 2}, {4, 2}}};

struct Town {
  int row, column, passenger, destination;

  static Town of(int state) { return {state / 100, state / 20 % kSize, state / 4 % 5, state % 4}; }
  int state() const { return ((row * kSize + column) * 5 + passenger) * 4 + destination; }
  /// The place where the taxi is, or 4.
  int place() const {
    const auto here = std::find(kPlaces.begin(), kPlaces.end(), std::array{row, column});
    return static_cast<int>(here - kPlaces.begin());
  }
};

bool road_east(int row, int column) {
  return column < kSize - 1 &&
         std::find(kWalls.begin(), kWalls.end(), std::array{row, column}) == kWalls.end();
}

Transition driven(Town town, int action) {
  if (action == 0) town.row = std::min(town.row + 1, kSize - 1);
  if (action == 1) town.row = std::max(town.row - 1, 0);
  if (action == 2 && road_east(town.row, town.column))
    ++town.column;
  else if (action == 3 && town.column > 0 && road_east(town.row, town.column - 1))
    --town.column;
  return {1, town.state(), -1, false};
}

Transition picked_up(Town town) {
  if (town.passenger == kInTaxi || town.place() != town.passenger)
    return {1, town.state(), -10, false};
  town.passenger = kInTaxi;
  return {1, town.state(), -1, false};
}

Transition dropped(Town town) {
  const int place = town.place();
  if (town.passenger != kInTaxi || place == 4) return {1, town.state(), -10, false};
  town.passenger = place;
  const bool delivered = place == town.destination;
  return {1, town.state(), delivered ? 20.0 : -1.0, delivered};
}

Transition after(int state, int action) {
  const Town town = Town::of(state);
  if (action == 4) return picked_up(town);
  return action == 5 ? dropped(town) : driven(town, action);
}

}  // namespace

TabularDynamics taxi_from_spec(Spec& spec) {
  TabularModel model(kSize * kSize * 5 * 4, 6);
  if (spec.get_bool("mask", false)) model.allowed.resize(model.transitions.size());
  for (int state = 0; state < model.num_states; ++state) {
    const Town town = Town::of(state);
    if (town.passenger != kInTaxi && town.passenger != town.destination)
      model.initial[state] = 1.0 / 300;
    for (int action = 0; action < model.num_actions; ++action) {
      const Transition outcome = after(state, action);
      model.outcomes(state, action) = {outcome};
      if (!model.allowed.empty())
        model.allowed[state * model.num_actions + action] = outcome.next != state;
    }
  }
  return {{.id = "Taxi-v3", .max_episode_steps = 200, .reward_threshold = 8},
          std::make_shared<const TabularModel>(std::move(model))};
}

}  // namespace tengen::envs::rl
