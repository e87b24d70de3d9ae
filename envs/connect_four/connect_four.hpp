// Connect Four on bitboards: drop a disc in a column; four in a row in any direction win.
//
// Layout (John Tromp's): column c owns the height + 1 bits from c * (height + 1), lowest row first;
// the top bit of each column stays empty, so that shifts never join two columns:
//
//     6 13 20 27 34 41 48   always 0
//     5 12 19 26 33 40 47
//     ...
//     0  7 14 21 28 35 42
//
// Actions are columns, written "1" to "7". Observation planes: own discs, opponent's, ones if
// player 0 is to move. Limits: width 4 to 8, height 4 to 7 (64 bits).
#pragma once

#include <array>

#include "envs/game.hpp"

namespace tengen {
class Spec;
}

namespace tengen::envs {

class ConnectFourGame final : public Game {
 public:
  static constexpr int kMinHeight = 4, kMaxHeight = 7;

  /// Width 4 to 8, height 4 to 7; anything else throws std::invalid_argument.
  explicit ConnectFourGame(int width = 7, int height = 6);

  int width() const { return width_; }
  int height() const { return height_; }
  /// The bits of each column's cells, and of the lowest row's.
  const std::array<std::uint64_t, 8>& columns() const { return columns_; }
  std::uint64_t bottom_row() const { return bottom_row_; }

  std::string spec() const override;
  std::string name() const override { return "connect_four"; }
  int num_actions() const override { return width_; }
  ObservationShape observation_shape() const override { return {height_, width_, 3}; }
  int max_plies() const override { return width_ * height_; }
  std::unique_ptr<State> new_initial_state() const override;
  int num_symmetries() const override { return 2; }
  int transform_cell(int symmetry, int cell) const override;
  Action transform_action(int symmetry, Action action) const override;
  std::string action_to_string(Action action) const override;
  std::optional<Action> parse_action(std::string_view text) const override;

 private:
  int width_, height_;
  std::array<std::uint64_t, 8> columns_{};
  std::uint64_t bottom_row_ = 0;
};

/// Options width and height.
std::shared_ptr<const Game> connect_four_from_spec(Spec& spec);

class ConnectFourState final : public State {
 public:
  /// `game` must outlive the state.
  explicit ConnectFourState(const ConnectFourGame& game);

  const Game& game() const override { return *game_; }
  int current_player() const override { return ply_ % 2; }
  bool is_terminal() const override { return won_ || ply_ == game_->max_plies(); }
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
  int stride() const { return game_->height() + 1; }
  bool has_room(int column) const { return heights_[column] < game_->height(); }
  std::uint64_t bit(int column, int row_from_bottom) const {
    return std::uint64_t{1} << (column * stride() + row_from_bottom);
  }

  const ConnectFourGame* game_;
  std::array<std::uint64_t, 2> discs_{};  // by player
  std::array<std::int8_t, 8> heights_{};  // discs in each column
  std::array<std::int8_t, 56> moves_{};   // the columns played, for undo
  int ply_ = 0;
  bool won_ = false;  // the player who made the last move has four in a row
};

}  // namespace tengen::envs
