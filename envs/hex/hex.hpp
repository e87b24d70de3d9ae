// Hex: on a rhombus of hexagons player 0 joins the upper edge to the lower one, player 1 the left
// edge to the right one, with a chain of own stones. One of the two always succeeds, so there is no
// draw (Nash; Gale 1979).
//
// A cell touches those left and right of it, above and above right, below and below left. With
// swap=true (the pie rule) the second player's first move may be the swap: the stone on the board
// becomes his, mirrored so that it serves him as it served the first player.
// Actions are cells, row * size + column from the top left, and with swap=true the swap last;
// written as Hex players do, "a1" top left, column letters from a without gaps, and "swap-pieces".
// Observation planes: own stones, opponent's, ones if player 0 is to move.
#pragma once

#include <vector>

#include "envs/game.hpp"
#include "envs/stones.hpp"

namespace tengen {
class Spec;
}

namespace tengen::envs {

class HexGame final : public Game {
 public:
  /// Size 2 to 19; anything else throws std::invalid_argument.
  explicit HexGame(int size = 11, bool swap = true);

  int size() const { return size_; }
  int cells() const { return size_ * size_; }
  bool has_swap() const { return swap_; }
  Action swap_action() const { return cells(); }
  /// Rows and columns exchanged.
  int mirrored(int cell) const { return cell % size_ * size_ + cell / size_; }

  std::string spec() const override;
  std::string name() const override { return "hex"; }
  int num_actions() const override { return cells() + swap_; }
  ObservationShape observation_shape() const override { return {size_, size_, 3}; }
  int max_plies() const override { return cells() + swap_; }
  std::unique_ptr<State> new_initial_state() const override;
  /// Half a turn.
  int num_symmetries() const override { return 2; }
  int transform_cell(int symmetry, int cell) const override;
  Action transform_action(int symmetry, Action action) const override;
  std::string action_to_string(Action action) const override;
  std::optional<Action> parse_action(std::string_view text) const override;

 private:
  int size_;
  bool swap_;
};

/// Options size and swap.
std::shared_ptr<const Game> hex_from_spec(Spec& spec);

class HexState final : public State {
 public:
  /// `game` must outlive the state.
  explicit HexState(const HexGame& game);

  const Game& game() const override { return *game_; }
  int current_player() const override { return ply() % 2; }
  bool is_terminal() const override { return won_; }
  float returns(int player) const override;
  int ply() const override { return static_cast<int>(moves_.size()); }
  void legal_actions(std::vector<Action>& out) const override;
  bool is_legal(Action action) const override;
  void apply(Action action) override;
  void undo() override;
  std::uint64_t key() const override;
  void write_observation(std::span<float> out) const override;
  std::unique_ptr<State> clone() const override;
  void copy_from(const State& other) override;
  /// Fills the board: who is joined before it is full stays so.
  float random_playout(Rng& rng, int player, int* plies = nullptr) const override;
  std::string to_string() const override;

 private:
  bool can_swap() const { return ply() == 1 && game_->has_swap(); }

  const HexGame* game_;
  Stones stones_;
  std::vector<std::int16_t> moves_;  // the actions played, for undo
  bool won_ = false;                 // the player who made the last move has joined his edges
};

}  // namespace tengen::envs
