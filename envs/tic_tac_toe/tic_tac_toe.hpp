// Tic-tac-toe: the smallest whole example of a game, and the one that tests solve by brute force.
//
// Actions are cells, row * 3 + column from the top left, written "b2" (column letter, row from the
// bottom). Observation planes: own crosses, opponent's, ones if player 0 is to move.
#pragma once

#include <array>

#include "envs/game.hpp"
#include "envs/grid.hpp"

namespace tengen::envs {

class TicTacToeGame final : public Game {
 public:
  std::string spec() const override { return "tic_tac_toe"; }
  std::string name() const override { return "tic_tac_toe"; }
  int num_actions() const override { return 9; }
  ObservationShape observation_shape() const override { return {3, 3, 3}; }
  int max_plies() const override { return 9; }
  std::unique_ptr<State> new_initial_state() const override;
  int num_symmetries() const override { return 8; }
  int transform_cell(int symmetry, int cell) const override;
  Action transform_action(int symmetry, Action action) const override;
  std::string action_to_string(Action action) const override;
  std::optional<Action> parse_action(std::string_view text) const override;
};

class TicTacToeState final : public State {
 public:
  /// `game` must outlive the state.
  explicit TicTacToeState(const TicTacToeGame& game) : game_(&game) {}

  const Game& game() const override { return *game_; }
  int current_player() const override { return ply_ % 2; }
  bool is_terminal() const override;
  float returns(int player) const override;
  int ply() const override { return ply_; }
  void legal_actions(std::vector<Action>& out) const override;
  bool is_legal(Action action) const override;
  void apply(Action action) override;
  void undo() override;
  std::uint64_t key() const override;
  void write_observation(std::span<float> out) const override;
  std::unique_ptr<State> clone() const override;
  void copy_from(const State& other) override;
  float random_playout(Rng& rng, int player, int* plies = nullptr) const override;
  std::string to_string() const override;

 private:
  /// Bits of the cells that nobody has taken.
  unsigned empty_cells() const { return 0x1ffu & ~(marks_[0] | marks_[1]); }

  const TicTacToeGame* game_;
  std::array<std::uint16_t, 2> marks_{};  // one bit a cell, by player
  std::array<std::int8_t, 9> moves_{};    // the actions played, for undo
  int ply_ = 0;
};

}  // namespace tengen::envs
