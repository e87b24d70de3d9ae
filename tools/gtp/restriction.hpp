// Analysis that may not look at some moves (`avoid`, `allow` of lz-analyze and kata-analyze).
//
// A RestrictedGame is a game whose states hide moves: the search, the nets and the rollouts take it
// for any game and need to know nothing of restrictions. Only its legal moves differ, near the root
// of the analysis; random playouts are those of the game itself. Where a restriction would leave no
// move at all, it leaves all.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "envs/game.hpp"

namespace tengen::gtp {

struct Restriction {
  int player = 0;
  std::vector<envs::Action> actions;
  bool allow = false;  // these alone, instead of all but these
  int plies = 0;       // of the search from its root: 1 is the root's moves alone
};

class RestrictedGame final : public envs::Game {
 public:
  /// `root_ply`: State::ply() of the positions to be analysed.
  RestrictedGame(std::shared_ptr<const envs::Game> game, std::vector<Restriction> restrictions,
                 int root_ply);

  /// The position, a state of the game itself, as one of this game.
  std::unique_ptr<envs::State> restrict(const envs::State& position) const;
  /// Whether the restrictions say nothing against the action `ply` plies into the game.
  bool permits(envs::Action action, int player, int ply) const;
  bool applies(int ply) const;
  /// Differs from that of other restrictions and of other roots.
  std::uint64_t key() const { return key_; }

  std::string spec() const override { return game_->spec(); }
  std::string name() const override { return game_->name(); }
  int num_actions() const override { return game_->num_actions(); }
  envs::ObservationShape observation_shape() const override { return game_->observation_shape(); }
  int max_plies() const override { return game_->max_plies(); }
  std::unique_ptr<envs::State> new_initial_state() const override;
  int num_symmetries() const override { return game_->num_symmetries(); }
  int transform_cell(int symmetry, int cell) const override {
    return game_->transform_cell(symmetry, cell);
  }
  envs::Action transform_action(int symmetry, envs::Action action) const override {
    return game_->transform_action(symmetry, action);
  }
  std::string action_to_string(envs::Action action) const override {
    return game_->action_to_string(action);
  }
  std::optional<envs::Action> parse_action(std::string_view text) const override {
    return game_->parse_action(text);
  }

 private:
  std::shared_ptr<const envs::Game> game_;
  std::vector<Restriction> restrictions_;
  int root_ply_;
  std::uint64_t key_;
};

}  // namespace tengen::gtp
