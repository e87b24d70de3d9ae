// The Go board: stones, chains and liberties, kept up to date move by move without allocation.
//
// Layout: padded arrays of fixed size, of which a board uses and copies the front. Row r, column c
// of a width x height board is the point (r + 1) * (width + 1) + c + 1, row 0 at the top; the
// border column between two rows is shared.
//
//     # # # # #      # border, never played        neighbours of p: p - stride, p - 1,
//     # . . . .      . first row                                    p + 1, p + stride
//     # . . . .      the '#' that starts a row also
//     # . . . .      ends the one above it
//     # # # # # #
//
// Every point knows the stones on its 8 neighbours (surroundings.hpp), which tells eyes, liberties
// of a new stone and the chains beside it without a look around.
//
// Chains: every stone knows the head of its chain; its stones form a circular list; for the head
// the board counts stones and pseudo-liberties (an empty point counts once for each stone of the
// chain that touches it, as in Lew's libego). A chain is captured when that count is 0, and a move
// takes away a chain's last liberty exactly if the count equals the number of its stones beside the
// move. Empty and border points are their own heads with a count far from 0; so placing a stone is
// four decrements without a branch.
//
// The board knows captures, suicide and the point of a simple ko; superko needs the game's history
// and lives in history.hpp. Limits: both sides 1 to 25. Not thread-safe for writing.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "envs/game.hpp"
#include "envs/go/color.hpp"
#include "envs/go/surroundings.hpp"

namespace tengen::envs::go {

/// Index into the padded board.
using Point = std::uint16_t;
inline constexpr Point kNoPoint = 0;
inline constexpr int kMaxSide = 25;
/// Every Point is below this.
inline constexpr int kMaxPoints = (kMaxSide + 1) * (kMaxSide + 2) + 1;

class Board {
 public:
  /// Both sides 1 to 25, else std::invalid_argument.
  Board(int width, int height);
  Board(const Board& other) { *this = other; }
  Board& operator=(const Board& other);

  int width() const { return width_; }
  int height() const { return height_; }
  int area() const { return width_ * height_; }
  int stride() const { return width_ + 1; }
  int num_points() const { return (height_ + 2) * stride() + 1; }

  Point point(int row, int column) const {
    return static_cast<Point>((row + 1) * stride() + column + 1);
  }
  /// The point of the cell row * width + column. Both conversions divide by multiplying with a
  /// rounded-up reciprocal in 16 bits, exact for all cells and points of boards up to kMaxSide.
  Point point_of_cell(int cell) const {
    const int row = cell * per_width_ >> 16;
    return static_cast<Point>(cell + row + stride() + 1);
  }
  int cell_of_point(Point p) const {
    const int row = (p * per_stride_ >> 16) - 1;
    return p - row - stride() - 1;
  }
  std::array<Point, 4> neighbours(Point p) const {
    const auto s = static_cast<Point>(stride());
    return {static_cast<Point>(p - s), static_cast<Point>(p - 1), static_cast<Point>(p + 1),
            static_cast<Point>(p + s)};
  }

  Color color(Point p) const { return colors_[p]; }
  /// Of a point on the board.
  Surroundings surroundings(Point p) const { return cells_[p].around; }
  /// All empty points. play() appends the points that it empties to the end.
  std::span<const Point> empty_points() const { return {empty_.data(), num_empty_}; }
  int num_stones(Color color) const { return stones_[static_cast<int>(color)]; }
  /// Zobrist hash of the stones alone; 0 for the empty board.
  std::uint64_t hash() const { return hash_; }
  /// Where a simple ko forbids the next move, or kNoPoint.
  Point ko_point() const { return ko_point_; }
  void set_ko_point(Point p) { ko_point_ = p; }

  /// Stones of the chain at p, which must hold a stone.
  int chain_size(Point p) const { return chains_[cells_[p].head].stones; }
  /// Empty points that touch the chain at p, each counted once; walks the chain.
  int count_liberties(Point p) const;

  /// Which of the chains beside the empty point p (bits n w e s) have no other liberty.
  unsigned dying(Point p) const;
  /// Whether `color` may play the empty point p as far as stones decide: it keeps a liberty or
  /// captures, or is suicide and that is allowed. The ko rules are the caller's.
  bool is_playable(Point p, Color color, bool allow_suicide) const {
    const Surroundings around = cells_[p].around;
    if (!around.is_enclosed() || allow_suicide) return true;
    const unsigned dying = this->dying(p);
    return ((dying & around.stones(opponent(color))) | (around.stones(color) & ~dying)) != 0;
  }
  /// hash() after `color` plays the empty point p, captures and suicide included.
  std::uint64_t hash_after(Point p, Color color) const;

  /// Plays the empty point p and removes what has no liberties: the opponent's chains, else
  /// (suicide) the own one. Returns the number of stones removed; their points are then the last
  /// ones of empty_points(). Sets the ko point.
  int play(Point p, Color color);
  void pass() { ko_point_ = kNoPoint; }

  /// Replaces all stones; `colors` has area() entries by cell, empty, black or white. Returns false
  /// and leaves the board empty if some chain would have no liberty.
  bool set_stones(std::span<const Color> colors);
  void clear();

  /// All neighbours are own stones or border, and the opponent holds at most one diagonal (none at
  /// the edge): filling it would be wasteful. p must be empty.
  bool is_simple_eye(Point p, Color color) const { return cells_[p].around.is_simple_eye(color); }

  /// Exchanges two entries of empty_points(), by index: random playouts set aside what they tried.
  void swap_empty(std::size_t i, std::size_t j) {
    std::swap(empty_[i], empty_[j]);
    cells_[empty_[i]].empty_index = static_cast<Point>(i);
    cells_[empty_[j]].empty_index = static_cast<Point>(j);
  }

  /// Rows of "X", "O" and "." with coordinates and star points.
  std::string to_string(Point last_move = kNoPoint) const;

 private:
  struct Cell {
    Surroundings around;        // of points on the board
    Point head;                 // of its chain; itself if empty or border
    Point next;                 // circular list of the chain; itself if empty or border
    std::uint16_t empty_index;  // position in empty_; of empty points
  };
  struct Chain {
    std::uint16_t liberties;  // pseudo-liberties; far from 0 at points without a stone
    std::uint16_t stones;
  };

  std::array<Point, 4> diagonals(Point p) const {
    const auto s = static_cast<Point>(stride());
    return {static_cast<Point>(p - s - 1), static_cast<Point>(p - s + 1),
            static_cast<Point>(p + s - 1), static_cast<Point>(p + s + 1)};
  }
  std::uint64_t chain_hash(Point p) const;
  std::uint64_t chains_hash(Point p, unsigned which) const;
  void surround_with_border(Point p);
  void toggle(Point p, Color color);
  int play_as(Point p, Color color);
  unsigned place(Point p, Color color);
  void join(Point p, Color color);
  void merge(Point a, Point b);
  int remove_dead(Point p, unsigned captured);
  int remove_chain(Point p);

  int width_, height_;
  int per_width_, per_stride_;  // 2^16 over it, rounded up
  std::array<int, 5> steps_;    // to the neighbours, by direction, and to the point itself
  Point ko_point_ = kNoPoint;
  std::uint64_t hash_ = 0;
  std::array<int, 3> stones_{};  // by color
  std::size_t num_empty_ = 0;
  // By point; the first num_points() are used.
  std::array<Cell, kMaxPoints> cells_;
  std::array<Chain, kMaxPoints> chains_;  // used at heads
  std::array<Color, kMaxPoints> colors_;
  std::array<Point, kMaxSide * kMaxSide> empty_;  // the first num_empty_, in any order
};

}  // namespace tengen::envs::go
