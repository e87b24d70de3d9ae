// Go games as SGF (FF[4], https://www.red-bean.com/sgf/): reads the main line of the first game of
// a file, and writes games.
//
// Read: SZ, KM, HA, RU, RE, PB, PW, PL, DT, set-up stones (AB, AW, AE) before the first move, and
// B/W moves; the first variation is the main line, other properties are skipped. Text before the
// first "(;" is skipped, lower case letters in property names too (FF[3]). Set-up stones after the
// first move are an error. Errors are tengen::Error with the byte offset.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "envs/game.hpp"

namespace tengen::envs::go {

class GoState;

struct SgfMove {
  int player = 0;
  Action action = 0;  // width * height: pass
  friend bool operator==(const SgfMove&, const SgfMove&) = default;
};

struct SgfGame {
  int width = 19, height = 19;
  double komi = 0;
  int handicap = 0;
  std::vector<Action> black, white;  // set-up stones
  int to_move = 0;                   // from PL, else from the first move, else by handicap
  std::vector<SgfMove> moves;
  std::string black_name, white_name, result, rules, date;
};

/// `source` names the text in errors.
SgfGame parse_sgf(std::string_view text, const std::string& source = "sgf");
SgfGame read_sgf(const std::string& path);
std::string write_sgf(const SgfGame& game);

/// The game played so far, with no names.
SgfGame to_sgf(const GoState& state);

/// Sets the state up as the game says and plays its first `max_moves` moves (-1: all); komi too.
/// The ply limit is lifted. The sizes must agree and the moves be legal, else tengen::Error and the
/// state is unchanged. Passes after the end of the game are skipped; a stone there lets the game go
/// on.
void load_sgf(const SgfGame& game, GoState& state, int max_moves = -1);

}  // namespace tengen::envs::go
