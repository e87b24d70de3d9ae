// Othello (Reversi) on bitboards: a disc turns the opponent's that it encloses in a straight line;
// whoever can turn none passes; when neither can, the one with more discs has won.
//
// Actions are cells, row * size + column from the top left, and the pass last; written "f5" and
// "pass". Rows count from the bottom, as in GTP, with White on d4 and e5: transcripts read as
// everywhere, the printed board is the usual one upside down. Only the four symmetries are used
// that keep the first position.
// Observation planes: own discs, opponent's, cells where the player to move may play.
// A turn of the 64 cells follows Kogge and Stone's parallel prefix, one direction at a time.
// Limits: even sizes 4 to 8.
#pragma once

#include <cstdint>
#include <vector>

#include "envs/game.hpp"
#include "envs/grid.hpp"

namespace tengen {
class Spec;
}

namespace tengen::envs {

class OthelloGame final : public Game {
 public:
  /// 4, 6 or 8; anything else throws std::invalid_argument.
  explicit OthelloGame(int size = 8);

  int size() const { return grid_.width; }
  Action pass_action() const { return grid_.cells(); }
  /// Bit `cell` of a set is the cell of that number.
  std::uint64_t all_cells() const { return all_; }
  /// Where a player with discs `mover` may play.
  std::uint64_t moves(std::uint64_t mover, std::uint64_t other) const;
  /// What a disc of `mover` on the cell with the bit `disc` turns.
  std::uint64_t turned(std::uint64_t mover, std::uint64_t other, std::uint64_t disc) const;

  std::string spec() const override;
  std::string name() const override { return "othello"; }
  int num_actions() const override { return grid_.cells() + 1; }
  ObservationShape observation_shape() const override { return {size(), size(), 3}; }
  /// A pass is followed by a disc.
  int max_plies() const override { return 2 * (grid_.cells() - 4); }
  std::unique_ptr<State> new_initial_state() const override;
  int num_symmetries() const override { return 4; }
  int transform_cell(int symmetry, int cell) const override;
  Action transform_action(int symmetry, Action action) const override;
  std::string action_to_string(Action action) const override;
  std::optional<Action> parse_action(std::string_view text) const override;

 private:
  Grid grid_;
  std::uint64_t all_ = 0;
  std::uint64_t inner_columns_ = 0;  // all but the first and the last
};

/// Option size.
std::shared_ptr<const Game> othello_from_spec(Spec& spec);

class OthelloState final : public State {
 public:
  /// `game` must outlive the state.
  explicit OthelloState(const OthelloGame& game);

  const Game& game() const override { return *game_; }
  int current_player() const override { return ply() % 2; }
  bool is_terminal() const override { return over_; }
  float returns(int player) const override;
  int ply() const override { return static_cast<int>(history_.size()); }
  void legal_actions(std::vector<Action>& out) const override;
  bool is_legal(Action action) const override;
  void apply(Action action) override;
  void undo() override;
  std::uint64_t key() const override;
  /// Of own and opponent's discs: colours do not matter.
  std::uint64_t observation_key() const override;
  void write_observation(std::span<float> out) const override;
  std::unique_ptr<State> clone() const override;
  void copy_from(const State& other) override;
  float random_playout(Rng& rng, int player, int* plies = nullptr) const override;
  std::string to_string() const override;

  int discs(int player) const;

 private:
  /// What a ply added and turned; of a pass nothing.
  struct Ply {
    std::uint64_t disc = 0, turned = 0;
  };

  std::uint64_t mine() const { return discs_[current_player()]; }
  std::uint64_t theirs() const { return discs_[1 - current_player()]; }
  void find_moves();

  const OthelloGame* game_;
  std::uint64_t discs_[2];   // by player
  std::uint64_t moves_ = 0;  // of the player to move; none: a pass, or the game is over
  bool over_ = false;
  std::vector<Ply> history_;
};

}  // namespace tengen::envs
