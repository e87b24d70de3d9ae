// What every ply of a game changed on the board, compactly: enough to go back, for undo and for the
// history planes, without a copy of the board for each position.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "envs/go/board.hpp"

namespace tengen::envs::go {

class Journal {
 public:
  struct Ply {
    Point point = kNoPoint;      // kNoPoint: a pass
    std::uint16_t removed = 0;   // stones it took off the board
    Point ko_before = kNoPoint;  // the board's ko point before it
    Color color = Color::kEmpty;
    bool suicide = false;            // the removed stones were its own
    std::uint8_t passes_before = 0;  // consecutive passes before it
    std::uint16_t most_before = 0;   // most stones of this colour in any position before it
  };

  /// `removed`: the points of the stones that the ply took off; fills in Ply::removed.
  void push(Ply ply, std::span<const Point> removed);
  Ply pop();

  int size() const { return static_cast<int>(plies_.size()); }
  const Ply& operator[](int ply) const { return plies_[ply]; }
  /// Stones removed over the whole game, by either side.
  std::size_t num_removed() const { return removed_.size(); }
  void clear();

  /// What a ply put on the board and took off it.
  struct Change {
    Point point;  // kNoPoint: a pass
    Color color;
    std::span<const Point> removed;
    Color removed_color;
  };

  /// Goes back through the game, from the newest ply.
  class Walker {
   public:
    explicit Walker(const Journal& journal)
        : journal_(journal), ply_(journal.size()), removed_end_(journal.removed_.size()) {}
    bool at_start() const { return ply_ == 0; }
    /// Goes back one ply and says what it changed.
    Change step_back();

   private:
    const Journal& journal_;
    int ply_;
    std::size_t removed_end_;
  };

 private:
  std::vector<Ply> plies_;
  std::vector<Point> removed_;
};

}  // namespace tengen::envs::go
