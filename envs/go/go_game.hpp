// Go as a Game. Actions are row * width + column, row 0 at the top of the printed board, then pass;
// written as GTP vertices ("D4", "pass"). Observations are planes of stones now and
// before (features.hpp). A square board has 8 symmetries, a rectangle 4.
#pragma once

#include "envs/game.hpp"
#include "envs/go/rules.hpp"
#include "envs/grid.hpp"

namespace tengen::envs::go {

class GoGame final : public Game {
 public:
  explicit GoGame(const Rules& rules);

  const Rules& rules() const { return rules_; }
  const Grid& grid() const { return grid_; }
  Action pass_action() const { return rules_.area(); }

  std::string spec() const override { return rules_.spec(); }
  std::string name() const override { return "go"; }
  int num_actions() const override { return rules_.area() + 1; }
  ObservationShape observation_shape() const override;
  int max_plies() const override { return rules_.max_plies; }
  std::unique_ptr<State> new_initial_state() const override;
  int num_symmetries() const override { return grid_.num_symmetries(); }
  int transform_cell(int symmetry, int cell) const override;
  Action transform_action(int symmetry, Action action) const override;
  std::string action_to_string(Action action) const override;
  std::optional<Action> parse_action(std::string_view text) const override;

 private:
  Rules rules_;
  Grid grid_;
};

/// The game as Go, or nullptr if it is another one.
inline const GoGame* as_go(const Game& game) { return dynamic_cast<const GoGame*>(&game); }

}  // namespace tengen::envs::go
