#include "envs/go/handicap.hpp"

#include <algorithm>

#include "engine/base/error.hpp"

namespace tengen::envs::go {

int max_fixed_handicap(int width, int height) {
  const int shorter = std::min(width, height);
  if (shorter < 7 || std::max(width, height) > 25) return 0;
  const bool has_centre = width % 2 == 1 && height % 2 == 1 && shorter >= 9;
  return has_centre ? 9 : 4;
}

std::vector<Action> fixed_handicap(int width, int height, int stones) {
  const int most = max_fixed_handicap(width, height);
  if (stones < 2 || stones > most)
    bad_argument("fixed_handicap", "expected 2 to {} stones on {} x {}, got {}", most, width,
                 height, stones);
  const auto line = [](int side) { return side >= 13 ? 3 : 2; };
  const int left = line(width), right = width - 1 - left, middle = width / 2;
  const int top = line(height), bottom = height - 1 - top, centre = height / 2;
  const auto cell = [&](int row, int column) { return row * width + column; };
  std::vector<Action> points = {cell(bottom, left), cell(top, right), cell(top, left),
                                cell(bottom, right)};
  if (stones >= 6) points.insert(points.end(), {cell(centre, left), cell(centre, right)});
  if (stones >= 8) points.insert(points.end(), {cell(bottom, middle), cell(top, middle)});
  points.resize(static_cast<std::size_t>(std::min<int>(stones, static_cast<int>(points.size()))));
  if (stones >= 5 && stones % 2 == 1) points.push_back(cell(centre, middle));
  return points;
}

}  // namespace tengen::envs::go
