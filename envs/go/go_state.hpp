// One position of a game of Go with its history: State over Board.
//
// key() covers the stones, the side to move, consecutive passes, komi, and what the ko rule needs:
// the ko point (simple ko) or the set of earlier positions (superko), with territory scoring the
// prisoners, and who has the button. It leaves out the ply count and its limit. Random playouts
// leave an untaken button out of the score. observation_key() covers the last 8 positions and the
// side to move. undo() costs a walk over the board; apply() and copy_from() allocate nothing once
// warm.
#pragma once

#include <array>
#include <memory>
#include <span>

#include "envs/go/board.hpp"
#include "envs/go/go_game.hpp"
#include "envs/go/history.hpp"
#include "envs/go/journal.hpp"
#include "envs/go/life.hpp"

namespace tengen::envs::go {

class GoState final : public State {
 public:
  /// The empty board, Black to move. `game` must outlive the state.
  explicit GoState(const GoGame& game);

  const Game& game() const override { return *game_; }
  int current_player() const override { return to_move_; }
  bool is_terminal() const override;
  float returns(int player) const override;
  int ply() const override { return journal_.size(); }
  void legal_actions(std::vector<Action>& out) const override;
  bool is_legal(Action action) const override;
  void apply(Action action) override;
  void undo() override;
  std::uint64_t key() const override;
  std::uint64_t observation_key() const override;
  void write_observation(std::span<float> out) const override;
  std::unique_ptr<State> clone() const override;
  void copy_from(const State& other) override;
  float random_playout(Rng& rng, int player, int* plies = nullptr) const override;
  std::string to_string() const override;

  const GoGame& go_game() const { return *game_; }
  const Board& board() const { return board_; }
  const Journal& journal() const { return journal_; }
  Color color_to_move() const { return color_of_player(to_move_); }

  /// Points of Black less points of White, tax, komi, handicap bonus and button included: by area
  /// as the position stands, or by territory with dead stones as judged.
  double score() const;
  /// The same once dead stones are taken off, also by area: as people agree.
  double agreed_score() const;
  /// What becomes of each stone, by cell; the same for all images of a position.
  std::vector<Life> life() const;
  /// Whose each cell is as the position stands, or with territory scoring once dead stones are
  /// taken off; what is pass-alive or dead for certain (pass_alive.hpp) is the side's that lives.
  std::vector<Color> owners() const;
  double komi() const { return setup_->komi_halves / 2.0; }
  int handicap() const { return setup_->handicap; }
  /// Stones that `player` has captured, the opponent's suicides included.
  int prisoners(int player) const;
  /// Who took the button (rules.hpp): 0, 1 or -1.
  int button_holder() const { return button_ply_ < 0 ? -1 : player_at(button_ply_); }
  /// The action of ply `ply`, in [0, this->ply()), and who played it.
  Action action_at(int ply) const;
  int player_at(int ply) const { return player_of_color(journal_[ply].color); }

  /// Changes the komi of this game alone (GTP); a multiple of 0.5, else std::invalid_argument.
  void set_komi(double komi);
  /// Lets this game alone go on beyond Game::max_plies, as games of the outside world may.
  void lift_ply_limit();
  /// Gives the move to `player`, as GTP's play may, also after two passes. Changes nothing if it is
  /// that player's turn, else clears a simple ko and the passes before it.
  void set_to_move(int player);
  /// What set_to_move() changes, to take it back.
  struct Turn {
    int player = 0;
    int passes = 0;  // consecutive, before it
    Point ko_point = kNoPoint;
  };
  Turn turn() const { return {to_move_, passes_, board_.ko_point()}; }
  void set_turn(const Turn& turn);
  /// Plays what the outside world has played, whether or not the rules of this game allow it: a
  /// pass, or a stone on an empty point. False and unchanged if the point is not empty.
  bool execute(Action action);
  /// Starts anew from these stones (actions, not pass) with `to_move` to play; komi and ply limit
  /// stay.
  /// `handicap` is the number of stones that count for the handicap bonus, `prisoners` what each
  /// player has captured before. Points outside the board, points given twice and chains without
  /// liberty throw std::invalid_argument and change nothing.
  void set_up(std::span<const Action> black, std::span<const Action> white, int to_move,
              int handicap = 0, std::array<int, 2> prisoners = {});
  /// set_up() with handicap stones for Black and White to move. fixed_handicap() gives the usual
  /// points.
  void place_handicap(std::span<const Action> points);
  /// Starts anew from the same stones with `to_move` to play.
  void set_up_to_move(int to_move);
  /// The stones of set_up(), by cell.
  std::span<const Color> setup_stones() const { return setup_->stones; }
  int setup_to_move() const { return setup_->to_move; }
  std::array<int, 2> setup_prisoners() const { return setup_->prisoners; }

 private:
  /// What the game started from; shared between copies and never changed in place.
  struct Setup {
    std::vector<Color> stones;  // by cell
    int to_move = 0;
    int handicap = 0;
    int komi_halves = 0;
    int max_plies = 0;
    std::array<int, 2> prisoners{};  // by the player who took them
  };

  void restart(std::shared_ptr<const Setup> setup);
  void put(Action action);
  bool is_legal_point(Point p, Color color) const;
  bool may_repeat(Color color) const;
  bool repeats(Point p, Color color) const;
  /// Points of Black less points of White: those on the board with all that is added to them.
  double score_of(int points) const;
  int handicap_points() const;
  bool takes_button() const { return game_->rules().button && button_ply_ < 0; }
  /// `hash` of the stones with `to_move` next, as the ko rule compares positions.
  std::uint64_t situation(std::uint64_t hash, int to_move) const;
  bool uses_superko() const { return game_->rules().ko != KoRule::kSimple; }

  const GoGame* game_;
  std::shared_ptr<const Setup> setup_;
  Board board_;
  PositionHistory history_;  // every position so far, this one included
  Journal journal_;
  int to_move_ = 0;
  int passes_ = 0;                    // consecutive, up to now, without the one for the button
  int button_ply_ = -1;               // when the button was taken
  std::array<int, 2> most_stones_{};  // by player, the most in any position so far
};

/// The state as Go, or nullptr if it is of another game.
inline GoState* as_go(State& state) { return dynamic_cast<GoState*>(&state); }
inline const GoState* as_go(const State& state) { return dynamic_cast<const GoState*>(&state); }

}  // namespace tengen::envs::go
