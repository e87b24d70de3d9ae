#include "envs/go/go_game.hpp"

#include <algorithm>

#include "engine/base/error.hpp"
#include "envs/go/features.hpp"
#include "envs/go/go_state.hpp"

namespace tengen::envs::go {

GoGame::GoGame(const Rules& rules) : rules_(rules), grid_{rules.width, rules.height} {
  if (std::min(rules.width, rules.height) < 2 || std::max(rules.width, rules.height) > kMaxSide)
    bad_argument("go", "expected sides from 2 to 25, got {} x {}", rules.width, rules.height);
  if (rules.max_plies < 2) bad_argument("go", "expected max_plies >= 2, got {}", rules.max_plies);
}

ObservationShape GoGame::observation_shape() const {
  return {rules_.height, rules_.width, num_planes(rules_.features)};
}

std::unique_ptr<State> GoGame::new_initial_state() const {
  return std::make_unique<GoState>(*this);
}

int GoGame::transform_cell(int symmetry, int cell) const { return grid_.transform(symmetry, cell); }

Action GoGame::transform_action(int symmetry, Action action) const {
  return action == pass_action() ? action : grid_.transform(symmetry, action);
}

std::string GoGame::action_to_string(Action action) const {
  return action == pass_action() ? "pass" : cell_to_string(grid_, action);
}

std::optional<Action> GoGame::parse_action(std::string_view text) const {
  if (is_pass(text)) return pass_action();
  return parse_cell(grid_, text);
}

}  // namespace tengen::envs::go
