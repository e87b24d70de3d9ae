#include "envs/go/pass_alive.hpp"

#include <algorithm>
#include <iterator>

#include "envs/go/connected_sets.hpp"

namespace tengen::envs::go {
namespace {

/// The chains and regions of one colour.
class Benson {
 public:
  Benson(const Board& board, Color color, bool suicide)
      : chains_(connected_sets(board, [&](Point, Point p) { return board.color(p) == color; })),
        regions_(connected_sets(board, [&](Point, Point p) { return is_open(board, p, color); })),
        chain_alive_(chains_.points.size(), true),
        region_alive_(regions_.points.size(), true) {
    for (const std::vector<Point>& region : regions_.points) look_around(board, region, suicide);
    while (drop_chains()) drop_regions();
  }

  /// Sets the cells of what remains to `color`.
  void mark(const Board& board, Color color, std::vector<Color>& owners) const {
    const auto set = [&](const std::vector<Point>& points) {
      for (const Point p : points) owners[board.cell_of_point(p)] = color;
    };
    for (std::size_t chain = 0; chain < chain_alive_.size(); ++chain)
      if (chain_alive_[chain]) set(chains_.points[chain]);
    for (std::size_t region = 0; region < region_alive_.size(); ++region)
      if (region_alive_[region] && !vital_[region].empty()) set(regions_.points[region]);
  }

 private:
  static bool is_open(const Board& board, Point p, Color color) {
    return board.color(p) == Color::kEmpty || board.color(p) == opponent(color);
  }

  std::vector<int> chains_beside(const Board& board, Point p) const {
    std::vector<int> chains;
    for (const Point n : board.neighbours(p))
      if (const int chain = chains_.of_point[n]; chain != kNoSet) chains.push_back(chain);
    std::sort(chains.begin(), chains.end());
    chains.erase(std::unique(chains.begin(), chains.end()), chains.end());
    return chains;
  }

  /// Finds the chains beside a region and those that it is vital to.
  void look_around(const Board& board, const std::vector<Point>& region, bool suicide) {
    std::vector<int>& beside = beside_.emplace_back();
    std::vector<int>& vital = vital_.emplace_back();
    bool first = true;
    for (const Point p : region) {
      const std::vector<int> chains = chains_beside(board, p);
      beside.insert(beside.end(), chains.begin(), chains.end());
      if (!suicide && board.color(p) != Color::kEmpty) continue;
      std::vector<int> common;
      std::set_intersection(chains.begin(), chains.end(), vital.begin(), vital.end(),
                            std::back_inserter(common));
      vital = first ? chains : common;
      first = false;
    }
  }

  /// True if some chain had too few vital regions.
  bool drop_chains() {
    std::vector<int> count(chain_alive_.size());
    for (std::size_t region = 0; region < region_alive_.size(); ++region)
      if (region_alive_[region])
        for (const int chain : vital_[region]) ++count[chain];
    bool dropped = false;
    for (std::size_t chain = 0; chain < chain_alive_.size(); ++chain) {
      if (!chain_alive_[chain] || count[chain] >= 2) continue;
      chain_alive_[chain] = false;
      dropped = true;
    }
    return dropped;
  }

  void drop_regions() {
    for (std::size_t region = 0; region < region_alive_.size(); ++region)
      for (const int chain : beside_[region])
        if (!chain_alive_[chain]) region_alive_[region] = false;
  }

  const ConnectedSets chains_, regions_;
  std::vector<std::vector<int>> beside_, vital_;  // chains, by region
  std::vector<bool> chain_alive_, region_alive_;
};

}  // namespace

std::vector<Color> pass_alive(const Board& board, bool suicide) {
  std::vector<Color> owners(static_cast<std::size_t>(board.area()), Color::kEmpty);
  for (const Color color : {Color::kBlack, Color::kWhite})
    Benson(board, color, suicide).mark(board, color, owners);
  return owners;
}

}  // namespace tengen::envs::go
