// The points of a board in connected sets: chains, empty regions, and what else is found by a
// flood.
#pragma once

#include <vector>

#include "envs/go/board.hpp"

namespace tengen::envs::go {

inline constexpr int kNoSet = -1;

struct ConnectedSets {
  std::vector<int> of_point;               // kNoSet: in none
  std::vector<std::vector<Point>> points;  // by set
};

/// belongs(start, p): whether p, or start itself, is of the set that begins at `start`.
template <typename Belongs>
ConnectedSets connected_sets(const Board& board, const Belongs& belongs) {
  ConnectedSets sets{std::vector<int>(static_cast<std::size_t>(board.num_points()), kNoSet), {}};
  for (int cell = 0; cell < board.area(); ++cell) {
    const Point start = board.point_of_cell(cell);
    if (sets.of_point[start] != kNoSet || !belongs(start, start)) continue;
    const int set = static_cast<int>(sets.points.size());
    std::vector<Point>& points = sets.points.emplace_back(1, start);
    sets.of_point[start] = set;
    for (std::size_t i = 0; i < points.size(); ++i)
      for (const Point n : board.neighbours(points[i])) {
        if (sets.of_point[n] != kNoSet || !belongs(start, n)) continue;
        sets.of_point[n] = set;
        points.push_back(n);
      }
  }
  return sets;
}

/// The chains of both colours.
inline ConnectedSets chains_of(const Board& board) {
  return connected_sets(board, [&](Point start, Point p) {
    return board.color(p) != Color::kEmpty && board.color(p) == board.color(start);
  });
}

}  // namespace tengen::envs::go
