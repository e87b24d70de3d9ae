#include "envs/go/scoring.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>

#include "engine/base/check.hpp"

namespace tengen::envs::go {
namespace {

using PointSet = std::bitset<kMaxPoints>;

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
void flood(const Board& board, Point start, PointSet& seen, Region& region) {
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
  PointSet seen;
  Region region;
  for (const Point p : board.empty_points()) {
    if (seen[p]) continue;
    flood(board, p, seen, region);
    visit(region);
  }
}

/// By Point: the colour of its stone or whose alone it is; kEmpty for dame, kBorder for the border.
using Owners = std::array<Color, kMaxPoints>;

Owners owners_of(const Board& board) {
  Owners owners;
  for (int p = 0; p < board.num_points(); ++p) owners[p] = board.color(static_cast<Point>(p));
  for_each_region(board, [&](const Region& region) {
    for (int i = 0; i < region.size; ++i) owners[region.points[i]] = region.owner();
  });
  return owners;
}

/// Calls visit(points) for every group: a connected set of points of one owner.
template <typename Visit>
void for_each_group(const Board& board, const Owners& owners, Visit visit) {
  PointSet seen;
  std::array<Point, kMaxPoints> points;
  for (int cell = 0; cell < board.area(); ++cell) {
    const Point start = board.point_of_cell(cell);
    if (seen[start] || owners[start] == Color::kEmpty) continue;
    std::size_t size = 0;
    const auto add = [&](Point p) {
      seen.set(p);
      points[size++] = p;
    };
    add(start);
    for (std::size_t i = 0; i < size; ++i)
      for (const Point n : board.neighbours(points[i]))
        if (owners[n] == owners[start] && !seen[n]) add(n);
    visit(std::span<const Point>(points.data(), size));
  }
}

/// Whether a group touches dame or has a chain in atari.
bool is_in_seki(const Board& board, const Owners& owners, std::span<const Point> group) {
  return std::any_of(group.begin(), group.end(), [&](Point p) {
    // A chain in atari that touches no dame has its liberty in the group.
    if (board.color(p) == Color::kEmpty)
      return (board.dying(p) & board.surroundings(p).stones(owners[p])) != 0;
    const auto around = board.neighbours(p);
    return std::any_of(around.begin(), around.end(),
                       [&](Point n) { return owners[n] == Color::kEmpty; });
  });
}

/// The empty points that have a chain that was judged to be in seki beside their region.
PointSet points_in_seki(const Board& board, std::span<const Life> life) {
  PointSet points;
  for_each_region(board, [&](const Region& region) {
    bool seki = false;
    for (int i = 0; i < region.size && !seki; ++i)
      for (const Point n : board.neighbours(region.points[i]))
        seki |= board.color(n) != Color::kEmpty && board.color(n) != Color::kBorder &&
                life[board.cell_of_point(n)] == Life::kSeki;
    for (int i = 0; i < region.size; ++i) points[region.points[i]] = seki;
  });
  return points;
}

/// The eyes that a living group cannot fill.
constexpr int kEyes = 2;

/// The empty points of Black's groups less those of White's; count(group) are those out of seki.
template <typename Count>
int group_points(const Board& board, const Owners& owners, Tax tax, Count count) {
  int score = 0;
  for_each_group(board, owners, [&](std::span<const Point> group) {
    int points = count(group);
    if (tax == Tax::kAll) points -= std::min(points, kEyes);
    score += owners[group[0]] == Color::kBlack ? points : -points;
  });
  return score;
}

int stone_score(const Board& board) {
  return board.num_stones(Color::kBlack) - board.num_stones(Color::kWhite);
}

/// area_score() without tax, which random games ask for in plenty.
int untaxed_area_score(const Board& board) {
  int score = stone_score(board);
  for_each_region(board, [&](const Region& region) {
    score += region.size * (region.touches_black - region.touches_white);
  });
  return score;
}

}  // namespace

int area_score(const Board& board, Tax tax) {
  if (tax == Tax::kNone) return untaxed_area_score(board);
  const Owners owners = owners_of(board);
  const auto count = [&](std::span<const Point> group) -> int {
    if (is_in_seki(board, owners, group)) return 0;
    return std::count_if(group.begin(), group.end(),
                         [&](Point p) { return board.color(p) == Color::kEmpty; });
  };
  return stone_score(board) + group_points(board, owners, tax, count);
}

std::vector<Color> ownership(const Board& board) {
  const Owners by_point = owners_of(board);
  std::vector<Color> owners(static_cast<std::size_t>(board.area()));
  for (int cell = 0; cell < board.area(); ++cell)
    owners[cell] = by_point[board.point_of_cell(cell)];
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

int territory_score(const Board& board, std::span<const Life> life, Tax tax) {
  const Board settled = without_dead_stones(board, life);
  const int captured = stone_score(settled) - stone_score(board);  // White's dead less Black's
  const PointSet in_seki = tax == Tax::kNone ? PointSet() : points_in_seki(settled, life);
  const auto count = [&](std::span<const Point> group) -> int {
    return std::count_if(group.begin(), group.end(),
                         [&](Point p) { return settled.color(p) == Color::kEmpty && !in_seki[p]; });
  };
  return captured + group_points(settled, owners_of(settled), tax, count);
}

int territory_score_if(const Board& board, const Board& end, Tax tax) {
  const std::vector<Color> owners = ownership(end);
  int score = tax == Tax::kAll ? area_score(end, tax) - area_score(end) : 0;
  for (int cell = 0; cell < board.area(); ++cell) {
    const Color owner = owners[cell], stone = board.color(board.point_of_cell(cell));
    if (owner == Color::kEmpty || stone == owner) continue;
    const int points = stone == Color::kEmpty ? 1 : 2;
    score += owner == Color::kBlack ? points : -points;
  }
  return score;
}

}  // namespace tengen::envs::go
