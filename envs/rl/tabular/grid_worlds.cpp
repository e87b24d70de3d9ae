#include "envs/rl/tabular/grid_worlds.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace tengen::envs::rl {
namespace {

struct Cell {
  int row = 0, column = 0;
};
using Directions = std::array<Cell, 4>;

// Turning left or right is the action before or after, in both orders.
constexpr Directions kLeftDownRightUp = {{{0, -1}, {1, 0}, {0, 1}, {-1, 0}}};
constexpr Directions kUpRightDownLeft = {{{-1, 0}, {0, 1}, {1, 0}, {0, -1}}};

/// The neighbour, or the cell itself at the edge of the grid.
Cell moved(Cell cell, Cell direction, int rows, int columns) {
  return {std::clamp(cell.row + direction.row, 0, rows - 1),
          std::clamp(cell.column + direction.column, 0, columns - 1)};
}

/// The directions that `action` may really take, each as likely as the others.
std::vector<int> slips(int action, bool slippery) {
  if (!slippery) return {action};
  return {(action + 3) % 4, action, (action + 1) % 4};
}

TabularDynamics frozen_lake(const std::vector<std::string>& ice, bool slippery, EnvSpec spec) {
  const int rows = static_cast<int>(ice.size()), columns = static_cast<int>(ice[0].size());
  TabularModel model(rows * columns, 4);
  const auto ends = [&](Cell cell) {
    return ice[cell.row][cell.column] == 'G' || ice[cell.row][cell.column] == 'H';
  };
  for (int state = 0; state < model.num_states; ++state) {
    const Cell cell{state / columns, state % columns};
    model.initial[state] = ice[cell.row][cell.column] == 'S' ? 1 : 0;
    for (int action = 0; action < 4; ++action) {
      auto& outcomes = model.outcomes(state, action);
      if (ends(cell)) {
        outcomes = {{1, state, 0, true}};
        continue;
      }
      const auto ways = slips(action, slippery);
      for (const int way : ways) {
        const Cell next = moved(cell, kLeftDownRightUp[way], rows, columns);
        outcomes.push_back({1.0 / static_cast<double>(ways.size()),
                            next.row * columns + next.column,
                            ice[next.row][next.column] == 'G' ? 1.0 : 0.0, ends(next)});
      }
    }
  }
  return {std::move(spec), std::make_shared<const TabularModel>(std::move(model))};
}

const std::vector<std::string>& small_lake() {
  static const std::vector<std::string> ice = {"SFFF", "FHFH", "FFFH", "HFFG"};
  return ice;
}

const std::vector<std::string>& large_lake() {
  static const std::vector<std::string> ice = {"SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF",
                                               "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"};
  return ice;
}

/// '#' is wall; the hallway on the right of the lower half is G1.
constexpr std::array<std::string_view, 13> kRooms = {"#############",  //
                                                     "#     #     #",  //
                                                     "#     #     #",  //
                                                     "#           #",  //
                                                     "#     #     #",  //
                                                     "#     #     #",  //
                                                     "## ####     #",  //
                                                     "#     ### ###",  //
                                                     "#     #     #",  //
                                                     "#     #     #",  //
                                                     "#           #",  //
                                                     "#     #     #",  //
                                                     "#############"};

bool is_wall(Cell cell) { return kRooms[cell.row][cell.column] == '#'; }

/// What an action towards `direction` does to a walker in the rooms.
Cell walked(Cell cell, Cell direction) {
  const Cell next = moved(cell, direction, kRooms.size(), kRooms[0].size());
  return is_wall(next) ? cell : next;
}

}  // namespace

TabularDynamics frozen_lake_from_spec(Spec& spec) {
  const bool large = spec.get_choice("map_name", "4x4", "4x4|8x8") == "8x8";
  return frozen_lake(large ? large_lake() : small_lake(), spec.get_bool("is_slippery", true),
                     {.id = "FrozenLake-v1", .max_episode_steps = 100, .reward_threshold = 0.7});
}

TabularDynamics frozen_lake_8x8_from_spec(Spec& spec) {
  return frozen_lake(
      large_lake(), spec.get_bool("is_slippery", true),
      {.id = "FrozenLake8x8-v1", .max_episode_steps = 200, .reward_threshold = 0.85});
}

TabularDynamics cliff_walking_from_spec(Spec& spec) {
  constexpr int kRows = 4, kColumns = 12, kStart = 36, kGoal = 47;
  const bool slippery = spec.get_bool("is_slippery", false);
  TabularModel model(kRows * kColumns, 4);
  model.initial[kStart] = 1;
  for (int state = 0; state < model.num_states; ++state) {
    for (int action = 0; action < 4; ++action) {
      const auto ways = slips(action, slippery);
      for (const int way : ways) {
        const Cell cell =
            moved({state / kColumns, state % kColumns}, kUpRightDownLeft[way], kRows, kColumns);
        const int next = cell.row * kColumns + cell.column;
        const bool fell = next > kStart && next < kGoal;
        model.outcomes(state, action)
            .push_back({1.0 / static_cast<double>(ways.size()), fell ? kStart : next,
                        fell ? -100.0 : -1.0, next == kGoal});
      }
    }
  }
  return {{.id = "CliffWalking-v1"}, std::make_shared<const TabularModel>(std::move(model))};
}

TabularDynamics four_rooms_from_spec(Spec& spec) {
  const bool in_hallway = spec.get_choice("goal", "hallway", "hallway|room") == "hallway";
  const Cell goal = in_hallway ? Cell{7, 9} : Cell{9, 9};
  std::vector<Cell> cells;
  std::array<std::array<int, 13>, 13> index{};
  for (int row = 0; row < 13; ++row)
    for (int column = 0; column < 13; ++column)
      if (!is_wall({row, column})) {
        index[row][column] = static_cast<int>(cells.size());
        cells.push_back({row, column});
      }
  TabularModel model(static_cast<int>(cells.size()), 4);
  const int goal_state = index[goal.row][goal.column];
  for (int state = 0; state < model.num_states; ++state) {
    if (state != goal_state) model.initial[state] = 1.0 / (model.num_states - 1);
    for (int action = 0; action < 4; ++action)
      for (int way = 0; way < 4; ++way) {
        const Cell cell = walked(cells[state], kUpRightDownLeft[way]);
        const int next = index[cell.row][cell.column];
        model.outcomes(state, action)
            .push_back({way == action ? 2.0 / 3 : 1.0 / 9, next, next == goal_state ? 1.0 : 0.0,
                        next == goal_state});
      }
  }
  return {{.id = "FourRooms-v0", .max_episode_steps = 500},
          std::make_shared<const TabularModel>(std::move(model))};
}

}  // namespace tengen::envs::rl
