// A game of Go in SGF: the main line of a file as a game, and games as files. The file itself, with
// its variations and all properties, is sgf_tree.hpp's.
//
// Read: SZ, KM, HA, RU, RE, PB, PW, PL, DT, set-up stones (AB, AW, AE; single points and
// rectangles) and B/W moves; the rest of the game information is kept to be written again, other
// properties are skipped. Set-up stones after moves start the game anew from the position they
// make, and so does a move to a point that is not empty, which FF[4] has executed, and at the end a
// PL that gives the move to the player who made the last. The prisoners taken before are kept, and
// written as the private property PRISONERS[black:white].
// What files of the real world get wrong is mended where there is one meaning: SZ[] is 19, KM[] is
// 0, KM[375], KM[750] and KM[3.75] (servers that count stones, or in hundredths) are 7.5, but more
// than 4 stones are none, and HA[2] without stones and White to begin means the usual handicap
// points. Where something is lost there is a remark: a komi between two halves becomes the nearest,
// a handicap that is no number or whose points nobody names becomes none, of a file that is cut off
// the whole moves are read, behind a root without ';' (sgf_tree.hpp) KO is the komi in words. Other
// nonsense is a tengen::Error with the byte offset.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "envs/game.hpp"
#include "envs/go/sgf_tree.hpp"

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
  std::array<int, 2> prisoners{};    // taken before, by the player who took them
  int to_move = 0;                   // from PL, else from the first move, else by handicap
  std::vector<SgfMove> moves;
  std::string black_name, white_name, result, rules, date;
  std::vector<SgfProperty> information;  // the rest of it (EV, BR, ...), as it stands in the file
  std::vector<std::string> remarks;      // what was not taken as it stands, a sentence each
};

/// The main line of one game of the collection, up to its first `max_moves` moves (-1: all) and the
/// set-up stones before the next one; if that is not all, it has no result. `source` names the file
/// in errors.
SgfGame sgf_game(const SgfCollection& collection, const std::string& source = "sgf",
                 std::size_t game = 0, int max_moves = -1);

/// The first game of a text or file.
SgfGame parse_sgf(std::string_view text, const std::string& source = "sgf");
SgfGame read_sgf(const std::string& path, int max_moves = -1);
std::string write_sgf(const SgfGame& game);

/// The game played so far, with the names, rules and other information of `header`.
SgfGame to_sgf(const GoState& state, SgfGame header = {});

/// Sets the state up as the game says and plays its first `max_moves` moves (-1: all); komi too.
/// The ply limit is lifted. Moves that the rules of the state forbid are executed, as FF[4] asks.
/// The sizes must agree and stones be put on empty points, else tengen::Error and the state is
/// unchanged. Passes after the end of the game are skipped; a stone there lets the game go on.
void load_sgf(const SgfGame& game, GoState& state, int max_moves = -1);

}  // namespace tengen::envs::go
