#include "envs/go/scoring.hpp"

#include <array>
#include <bit>
#include <bitset>

namespace tengen::envs::go {
namespace {

/// A connected region of empty points and the colours beside it.
struct Region {
  std::array<Point, kMaxPoints> points;
  int size = 0;
  bool touches_black = false, touches_white = false;

  Color owner() const {
    if (touches_black == touches_white) return Color::kEmpty;
    return touches_black ? Color::kBlack : Color::kWhite;
  }
};

/// Collects the region of the empty point `start`; `seen` holds the points already in a region.
void flood(const Board& board, Point start, std::bitset<kMaxPoints>& seen, Region& region) {
  region.size = 0;
  region.touches_black = region.touches_white = false;
  region.points[region.size++] = start;
  seen.set(start);
  for (int i = 0; i < region.size; ++i) {
    const Surroundings around = board.surroundings(region.points[i]);
    region.touches_black |= around.stones(Color::kBlack) != 0;
    region.touches_white |= around.stones(Color::kWhite) != 0;
    const auto neighbours = board.neighbours(region.points[i]);
    for (unsigned open = 15 & ~around.taken(); open != 0; open &= open - 1) {
      const Point n = neighbours[std::countr_zero(open)];
      if (seen[n]) continue;
      seen.set(n);
      region.points[region.size++] = n;
    }
  }
}

/// Calls visit(region) for every region of empty points.
template <typename Visit>
void for_each_region(const Board& board, Visit visit) {
  std::bitset<kMaxPoints> seen;
  Region region;
  for (const Point p : board.empty_points()) {
    if (seen[p]) continue;
    flood(board, p, seen, region);
    visit(region);
  }
}

}  // namespace

int area_score(const Board& board) {
  int score = board.num_stones(Color::kBlack) - board.num_stones(Color::kWhite);
  for_each_region(board, [&](const Region& region) {
    score += region.size * (region.touches_black - region.touches_white);
  });
  return score;
}

std::vector<Color> ownership(const Board& board) {
  std::vector<Color> owners(static_cast<std::size_t>(board.area()));
  for (int cell = 0; cell < board.area(); ++cell)
    owners[cell] = board.color(board.point_of_cell(cell));
  for_each_region(board, [&](const Region& region) {
    for (int i = 0; i < region.size; ++i)
      owners[board.cell_of_point(region.points[i])] = region.owner();
  });
  return owners;
}

}  // namespace tengen::envs::go
