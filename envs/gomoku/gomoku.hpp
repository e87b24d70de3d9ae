// Gomoku and its kin: whoever first has `line` of his stones in a row, in any direction, has won.
//
// Freestyle by default: longer rows win as well; with exact=true (standard gomoku) they do not.
// A full board without a row is a draw.
// Actions are cells, row * size + column from the top left, written "H8" (column letter without I,
// row from the bottom). Observation planes: own stones, opponent's, ones if player 0 is to move.
#pragma once

#include <vector>

#include "envs/game.hpp"
#include "envs/grid.hpp"
#include "envs/stones.hpp"

namespace tengen {
class Spec;
}

namespace tengen::envs {

struct GomokuRules {
  int size = 15;  // 3 to 19
  int line = 5;   // 3 to size
  bool exact = false;
};

class GomokuGame final : public Game {
 public:
  /// Throws std::invalid_argument for sizes out of range.
  explicit GomokuGame(const GomokuRules& rules);

  const GomokuRules& rules() const { return rules_; }
  const Grid& grid() const { return grid_; }

  std::string spec() const override;
  std::string name() const override { return "gomoku"; }
  int num_actions() const override { return grid_.cells(); }
  ObservationShape observation_shape() const override { return {rules_.size, rules_.size, 3}; }
  int max_plies() const override { return grid_.cells(); }
  std::unique_ptr<State> new_initial_state() const override;
  int num_symmetries() const override { return grid_.num_symmetries(); }
  int transform_cell(int symmetry, int cell) const override;
  Action transform_action(int symmetry, Action action) const override;
  std::string action_to_string(Action action) const override;
  std::optional<Action> parse_action(std::string_view text) const override;

 private:
  GomokuRules rules_;
  Grid grid_;
};

/// Options size, line and exact.
std::shared_ptr<const Game> gomoku_from_spec(Spec& spec);

class GomokuState final : public State {
 public:
  /// `game` must outlive the state.
  explicit GomokuState(const GomokuGame& game);

  const Game& game() const override { return *game_; }
  int current_player() const override { return ply() % 2; }
  bool is_terminal() const override { return won_ || ply() == game_->max_plies(); }
  float returns(int player) const override;
  int ply() const override { return static_cast<int>(moves_.size()); }
  void legal_actions(std::vector<Action>& out) const override;
  bool is_legal(Action action) const override;
  void apply(Action action) override;
  void undo() override;
  /// Whose turn it is follows from the stones.
  std::uint64_t key() const override { return stones_.key(); }
  void write_observation(std::span<float> out) const override;
  std::unique_ptr<State> clone() const override;
  void copy_from(const State& other) override;
  float random_playout(Rng& rng, int player, int* plies = nullptr) const override;
  std::string to_string() const override;

 private:
  const GomokuGame* game_;
  Stones stones_;
  std::vector<std::int16_t> moves_;  // the cells played, for undo
  bool won_ = false;                 // the player who made the last move has a row
};

}  // namespace tengen::envs
