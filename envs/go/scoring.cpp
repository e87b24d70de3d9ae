#include "envs/go/scoring.hpp"

#include <array>
#include <bit>
#include <bitset>

#include "engine/base/check.hpp"

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

Board without_dead_stones(const Board& board, std::span<const Life> life) {
  std::vector<Color> stones(static_cast<std::size_t>(board.area()), Color::kEmpty);
  for (int cell = 0; cell < board.area(); ++cell)
    if (life[cell] != Life::kDead) stones[cell] = board.color(board.point_of_cell(cell));
  Board settled(board.width(), board.height());
  CHECK_INVARIANT(settled.set_stones(stones));
  return settled;
}

int territory_score(const Board& board, std::span<const Life> life) {
  const Board settled = without_dead_stones(board, life);
  const auto dead = [&](Color color) {
    return board.num_stones(color) - settled.num_stones(color);
  };
  int score = dead(Color::kWhite) - dead(Color::kBlack);  // of Black
  for_each_region(settled, [&](const Region& region) {
    bool seki = false;
    for (int i = 0; i < region.size && !seki; ++i)
      for (const Point n : settled.neighbours(region.points[i]))
        seki |= settled.color(n) != Color::kEmpty && settled.color(n) != Color::kBorder &&
                life[board.cell_of_point(n)] == Life::kSeki;
    if (!seki) score += region.size * (region.touches_black - region.touches_white);
  });
  return score;
}

int territory_score_if(const Board& board, std::span<const Color> owners) {
  int score = 0;
  for (int cell = 0; cell < board.area(); ++cell) {
    const Color owner = owners[cell], stone = board.color(board.point_of_cell(cell));
    if (owner == Color::kEmpty || stone == owner) continue;
    const int points = stone == Color::kEmpty ? 1 : 2;
    score += owner == Color::kBlack ? points : -points;
  }
  return score;
}

}  // namespace tengen::envs::go
