// An outside Go program that speaks the Go Text Protocol (GTP 2), as a player. Go only.
//
// Commands used: boardsize, komi, clear_board, play, genmove, quit. Tengen referees: an illegal or
// unreadable move of the program loses it the game (select_action returns kNoAction, the vertex is
// logged), and games are scored by our rules with every stone alive, so a program that passes
// before it has captured dead stones loses their points; ask it to play on (GNU Go: --chinese-rules
// --capture-all-dead).
// Errors: Error that names the command line and the last GTP command and answer, when the program
// cannot be started, ends, stays silent for `timeout_seconds`, or refuses a command.
#pragma once

#include <atomic>
#include <memory>

#include "selfplay/player.hpp"

namespace tengen::selfplay {

class GtpProcess;

class GtpPlayer : public Player {
 public:
  /// `command_line` is run by /bin/sh. Throws std::invalid_argument unless the game is square Go.
  /// `stop` as in GtpProcess.
  GtpPlayer(const std::string& command_line, std::shared_ptr<const envs::Game> game,
            double timeout_seconds, const std::atomic<bool>* stop = nullptr);
  ~GtpPlayer() override;

  std::string name() const override;
  void new_game(const envs::State& start) override;
  void observe(envs::Action action) override;
  std::optional<envs::Action> select_action(const envs::State& state, Rng& rng) override;

 private:
  const std::shared_ptr<const envs::Game> game_;
  std::unique_ptr<GtpProcess> process_;
  std::string name_;
  int to_move_ = 0;
  envs::Action generated_ = envs::kNoAction;  // its own move, already on the program's board
};

}  // namespace tengen::selfplay
