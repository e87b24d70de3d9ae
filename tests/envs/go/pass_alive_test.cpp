#include "envs/go/pass_alive.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "engine/base/random.hpp"
#include "envs/go/go_state.hpp"
#include "tests/support/go_diagram.hpp"

using namespace tengen;
using namespace tengen::envs;
using namespace tengen::envs::go;

namespace {

std::string alive_of(const char* diagram, int width, int height, bool suicide = false) {
  const GoGame game(Rules{.width = width, .height = height, .suicide = suicide});
  GoState state(game);
  test::set_up_diagram(state, diagram);
  std::string text;
  for (const Color color : pass_alive(state.board(), suicide))
    text += ".XO"[static_cast<int>(color)];
  return text;
}

/// Plays every sequence of moves of one side alone, on boards of characters.
class Onslaught {
 public:
  Onslaught(int width, int height, bool suicide)
      : width_(width), height_(height), suicide_(suicide) {}

  /// By cell: a stone of the defender there is captured in some sequence.
  std::vector<bool> captured(const std::string& board, char attacker) {
    std::vector<bool> result(board.size());
    auto surviving = std::count_if(board.begin(), board.end(),
                                   [=](char c) { return c != '.' && c != attacker; });
    std::set<std::string> seen = {board};
    std::vector<std::string> open = {board};
    while (!open.empty() && surviving > 0) {
      const std::string position = open.back();
      open.pop_back();
      for (std::size_t cell = 0; cell < board.size(); ++cell) {
        if (position[cell] != '.') continue;
        const std::string next = play(position, static_cast<int>(cell), attacker);
        if (next.empty() || !seen.insert(next).second) continue;
        open.push_back(next);
        for (std::size_t i = 0; i < board.size(); ++i)
          if (board[i] != '.' && board[i] != attacker && next[i] != board[i] && !result[i]) {
            result[i] = true;
            --surviving;
          }
      }
    }
    return result;
  }

  /// Removes the chain at `cell` if it has no liberty.
  bool remove_if_dead(std::string& board, int cell) const {
    const char color = board[cell];
    std::vector<int> chain = {cell};
    std::vector<bool> found(board.size());
    found[cell] = true;
    for (std::size_t i = 0; i < chain.size(); ++i)
      for (const int n : adjacent(chain[i])) {
        if (board[n] == '.') return false;
        if (board[n] != color || found[n]) continue;
        found[n] = true;
        chain.push_back(n);
      }
    for (const int c : chain) board[c] = '.';
    return true;
  }

 private:
  std::vector<int> adjacent(int cell) const {
    std::vector<int> cells;
    if (cell >= width_) cells.push_back(cell - width_);
    if (cell + width_ < width_ * height_) cells.push_back(cell + width_);
    if (cell % width_ > 0) cells.push_back(cell - 1);
    if (cell % width_ < width_ - 1) cells.push_back(cell + 1);
    return cells;
  }

  /// Empty if the move is a suicide that is not allowed.
  std::string play(std::string board, int cell, char attacker) const {
    board[cell] = attacker;
    bool captures = false;
    for (const int n : adjacent(cell))
      if (board[n] != '.' && board[n] != attacker) captures |= remove_if_dead(board, n);
    if (!captures && remove_if_dead(board, cell) && !suicide_) return "";
    return board;
  }

  const int width_, height_;
  const bool suicide_;
};

constexpr int kMostEmpty = 7;  // the onslaught plays every order of filling them

/// Compares with the onslaught of both sides. Returns the number of pass-alive stones.
int check_against_onslaught(const std::string& text, int width, int height, bool suicide) {
  std::vector<Color> colors;
  for (const char c : text)
    colors.push_back(c == 'X' ? Color::kBlack : c == 'O' ? Color::kWhite : Color::kEmpty);
  Board board(width, height);
  if (std::count(text.begin(), text.end(), '.') > kMostEmpty || !board.set_stones(colors)) return 0;
  const std::vector<Color> found = pass_alive(board, suicide);
  Onslaught onslaught(width, height, suicide);
  const std::vector<bool> black = onslaught.captured(text, 'O'),
                          white = onslaught.captured(text, 'X');
  int alive = 0;
  for (std::size_t cell = 0; cell < text.size(); ++cell) {
    if (text[cell] == '.') continue;
    const bool survives = !(text[cell] == 'X' ? black : white)[cell];
    if ((found[cell] == colors[cell]) != survives)
      FAIL(text << " cell " << cell << (suicide ? " with suicide" : ""));
    alive += survives;
  }
  return alive;
}

}  // namespace

TEST_CASE("Two eyes live and one eye does not", "[envs][go][pass_alive]") {
  CHECK(alive_of(". X . X ."
                 "X X X X O"
                 ". . . O .",
                 5, 3) == "XXXX.XXXX......");
  CHECK(alive_of(". X . . ."
                 "X X . . ."
                 ". . . . .",
                 5, 3) == "...............");
}

TEST_CASE("Chains that share their eyes live together", "[envs][go][pass_alive]") {
  // No chain of Black's has two eyes alone; C3 is no eye, as White is in its region.
  CHECK(alive_of(". X . O ."
                 "X . X O O"
                 "X X X O .",
                 5, 3) == "XX.OOXXXOOXXXOO");
}

TEST_CASE("An eye with a stone in it counts unless it may leave by suicide",
          "[envs][go][pass_alive]") {
  const char* board =
      "O . X . X"
      ". X X X X"
      "X X . . ."
      ". . . . .";
  CHECK(alive_of(board, 5, 4).substr(0, 10) == "XXXXXXXXXX");
  CHECK(alive_of(board, 5, 4, true).substr(0, 10) == "..........");
}

TEST_CASE("Pass-alive is exact on all boards of 3x3 and 2x4", "[envs][go][pass_alive]") {
  for (const auto& [width, height] : {std::pair{3, 3}, std::pair{4, 2}})
    for (const bool suicide : {false, true}) {
      std::string text(static_cast<std::size_t>(width * height), '.');
      int alive = 0;
      for (int number = 0;; ++number) {
        int rest = number;
        for (char& c : text) {
          c = ".XO"[rest % 3];
          rest /= 3;
        }
        if (rest > 0) break;
        alive += check_against_onslaught(text, width, height, suicide);
      }
      CHECK(alive > 0);
    }
}

TEST_CASE("Pass-alive is exact on random larger boards", "[envs][go][pass_alive]") {
  Rng rng(5);
  for (const auto& [width, height] : {std::pair{4, 4}, std::pair{5, 3}, std::pair{7, 2}})
    for (const bool suicide : {false, true}) {
      int alive = 0;
      for (int i = 0; i < 400; ++i) {
        std::string text;
        for (int cell = 0; cell < width * height; ++cell) text += "XXXXXXO..."[rng.below(10)];
        alive += check_against_onslaught(text, width, height, suicide);
      }
      CHECK(alive > 10);
    }
}
