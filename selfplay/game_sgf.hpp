// Games as SGF text, for people and other programs.
//
// Go is real SGF FF[4] (envs/go/sgf.hpp), readable by any Go program. Other games have no SGF game
// number of their own: they are written in the same syntax, without GM, with GN naming the game's
// spec and each move in the game's notation: "(;FF[4]GN[connect_four]PB[x]PW[y]RE[B+];B[4];W[3])".
// B is always the player who moves first.
#pragma once

#include <span>
#include <string>

#include "envs/game.hpp"

namespace tengen::selfplay {

struct SgfInfo {
  std::string black, white;  // player names; black moves first
  float result = 0;          // for black: 1, 0, -1
  bool resigned = false;
  std::string date;  // "2026-01-31"; empty: left out
};

std::string game_to_sgf(const envs::Game& game, std::span<const envs::Action> actions,
                        const SgfInfo& info);

}  // namespace tengen::selfplay
