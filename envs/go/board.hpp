// The Go board: stones, chains and liberties, kept up to date move by move without allocation.
//
// Layout: one padded array of cells. Row r, column c of a width x height board is the point
// (r + 1) * (width + 1) + c + 1, row 0 at the top; the border column between two rows is shared.
//
//     # # # # #      # border, never played        neighbours of p: p - stride, p - 1,
//     # . . . .      . first row                                    p + 1, p + stride
//     # . . . .      the '#' that starts a row also
//     # . . . .      ends the one above it
//     # # # # # #
//
// Chains: every stone knows the head of its chain; its stones form a circular list; the head counts
// stones and pseudo-liberties (an empty point counts once for each stone of the chain that touches
// it, as in Lew's libego). A chain is captured when that count is 0, and a move takes away a
// chain's last liberty exactly if the count equals the number of its stones beside the move. An
// empty point is its own head, and its pseudo-liberties are its empty neighbours; so placing a
// stone is four decrements without a branch.
//
// The board knows captures, suicide and the point of a simple ko; superko needs the game's history
// and lives in history.hpp. Limits: both sides 1 to 25. Not thread-safe for writing.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "envs/game.hpp"

namespace tengen::envs::go {

enum class Color : std::uint8_t { kEmpty = 0, kBlack = 1, kWhite = 2, kBorder = 3 };

constexpr Color opponent(Color color) {
  return static_cast<Color>(3 - static_cast<std::uint8_t>(color));
}
/// Player 0 is Black.
constexpr Color color_of_player(int player) { return static_cast<Color>(player + 1); }
constexpr int player_of_color(Color color) { return static_cast<int>(color) - 1; }

/// Index into the padded board.
using Point = std::uint16_t;
inline constexpr Point kNoPoint = 0;
inline constexpr int kMaxSide = 25;

class Board {
 public:
  /// Both sides 1 to 25, else std::invalid_argument.
  Board(int width, int height);

  int width() const { return width_; }
  int height() const { return height_; }
  int area() const { return width_ * height_; }
  int stride() const { return width_ + 1; }
  int num_points() const { return static_cast<int>(cells_.size()); }

  Point point(int row, int column) const {
    return static_cast<Point>((row + 1) * stride() + column + 1);
  }
  /// The point of the cell row * width + column.
  Point point_of_cell(int cell) const { return point(cell / width_, cell % width_); }
  int cell_of_point(Point p) const { return (p / stride() - 1) * width_ + p % stride() - 1; }
  std::array<Point, 4> neighbours(Point p) const {
    const auto s = static_cast<Point>(stride());
    return {static_cast<Point>(p - s), static_cast<Point>(p - 1), static_cast<Point>(p + 1),
            static_cast<Point>(p + s)};
  }

  Color color(Point p) const { return cells_[p].color; }
  /// All empty points. play() appends the points that it empties to the end.
  std::span<const Point> empty_points() const { return {empty_.data(), num_empty_}; }
  int num_stones(Color color) const { return stones_[static_cast<int>(color)]; }
  /// Zobrist hash of the stones alone; 0 for the empty board.
  std::uint64_t hash() const { return hash_; }
  /// Where a simple ko forbids the next move, or kNoPoint.
  Point ko_point() const { return ko_point_; }
  void set_ko_point(Point p) { ko_point_ = p; }

  /// Stones of the chain at p, which must hold a stone.
  int chain_size(Point p) const { return cells_[cells_[p].head].stones; }
  /// Empty points that touch the chain at p, each counted once; walks the chain.
  int count_liberties(Point p) const;

  /// Whether `color` may play the empty point p as far as stones decide: it keeps a liberty or
  /// captures, or is suicide and that is allowed. The ko rules are the caller's.
  bool is_playable(Point p, Color color, bool allow_suicide) const {
    return cells_[p].liberties != 0 || allow_suicide || captures_or_connects(p, color);
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
  bool is_simple_eye(Point p, Color color) const;

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
    Color color = Color::kBorder;
    Point head = 0;                 // of its chain; itself if empty or border
    Point next = 0;                 // circular list of the chain
    std::uint16_t liberties = 0;    // at heads: pseudo-liberties
    std::uint16_t stones = 1;       // at heads
    std::uint16_t empty_index = 0;  // position in empty_, if empty
  };

  bool captures_or_connects(Point p, Color color) const;
  bool loses_last_liberty(Point chain_stone, const std::array<Point, 4>& around) const;
  std::uint64_t chain_hash(Point p) const;
  void place(Point p, Color color);
  void connect(Point p, Point neighbour);
  int remove_chain(Point p);

  int width_, height_;
  std::vector<Cell> cells_;
  std::vector<Point> empty_;  // the first num_empty_ are the empty points, in any order
  std::size_t num_empty_ = 0;
  std::array<int, 3> stones_{};  // by color
  std::uint64_t hash_ = 0;
  Point ko_point_ = kNoPoint;
};

}  // namespace tengen::envs::go
