#include "envs/go/life.hpp"

#include <cmath>

#include "engine/base/random.hpp"
#include "envs/go/pass_alive.hpp"
#include "envs/go/playout.hpp"
#include "envs/go/rules.hpp"
#include "envs/go/scoring.hpp"

namespace tengen::envs::go {
namespace {

/// What keeps its own points by more, or loses them by more, is settled.
constexpr double kSettled = 0.15;
/// With more of them a chain may still run or make eyes.
constexpr int kMostLibertiesInSeki = 3;

double sign_of(Color color) { return color == Color::kBlack ? 1 : color == Color::kWhite ? -1 : 0; }

struct Chain {
  std::vector<Point> points;
  double own = 0;  // the mean share of its points that stay its own, 1 to -1
  bool may_be_seki = false;
};

/// The chains of a board, and which one each point belongs to.
struct Chains {
  std::vector<Chain> chains;
  std::vector<int> of_point;  // -1: none
};

Chains find_chains(const Board& board) {
  Chains found{{}, std::vector<int>(static_cast<std::size_t>(board.num_points()), -1)};
  for (int cell = 0; cell < board.area(); ++cell) {
    const Point start = board.point_of_cell(cell);
    if (board.color(start) == Color::kEmpty || found.of_point[start] >= 0) continue;
    const int index = static_cast<int>(found.chains.size());
    std::vector<Point>& points = found.chains.emplace_back().points;
    points.push_back(start);
    found.of_point[start] = index;
    for (std::size_t i = 0; i < points.size(); ++i)
      for (const Point n : board.neighbours(points[i])) {
        if (found.of_point[n] >= 0 || board.color(n) != board.color(start)) continue;
        found.of_point[n] = index;
        points.push_back(n);
      }
  }
  return found;
}

/// Whether the empty points that begin at the chain's liberties reach a chain of the opponent's
/// that may be in seki as well.
bool faces_seki(const Board& board, const Chains& found, const Chain& chain) {
  const Color enemy = opponent(board.color(chain.points[0]));
  std::vector<Point> open = chain.points;
  std::vector<bool> seen(static_cast<std::size_t>(board.num_points()));
  for (std::size_t i = 0; i < open.size(); ++i)
    for (const Point n : board.neighbours(open[i])) {
      // From the chain itself only its liberties are reached.
      const bool from_empty = i >= chain.points.size();
      if (from_empty && board.color(n) == enemy && found.chains[found.of_point[n]].may_be_seki)
        return true;
      if (board.color(n) != Color::kEmpty || seen[n]) continue;
      seen[n] = true;
      open.push_back(n);
    }
  return false;
}

}  // namespace

std::vector<double> random_ownership(const Board& board, int games, Rng& rng) {
  std::vector<double> owners(static_cast<std::size_t>(board.area()));
  for (int i = 0; i < games; ++i) {
    Board end = board;
    const Color first = i % 2 == 0 ? Color::kBlack : Color::kWhite;
    play_random_game(end, first, 0, default_max_plies(board.width(), board.height()), rng);
    const std::vector<Color> result = ownership(end);
    for (std::size_t cell = 0; cell < owners.size(); ++cell) owners[cell] += sign_of(result[cell]);
  }
  for (double& owner : owners) owner /= games;
  return owners;
}

std::vector<Life> judge_life(const Board& board, std::span<const double> owners, bool suicide) {
  const std::vector<Color> certain = pass_alive(board, suicide);
  Chains found = find_chains(board);
  for (Chain& chain : found.chains) {
    const Color color = board.color(chain.points[0]);
    for (const Point p : chain.points) chain.own += owners[board.cell_of_point(p)] * sign_of(color);
    chain.own /= static_cast<double>(chain.points.size());
    if (const Color owner = certain[board.cell_of_point(chain.points[0])]; owner != Color::kEmpty)
      chain.own = owner == color ? 1 : -1;
    chain.may_be_seki = std::abs(chain.own) <= kSettled &&
                        board.count_liberties(chain.points[0]) <= kMostLibertiesInSeki;
  }
  std::vector<Life> life(static_cast<std::size_t>(board.area()), Life::kEmpty);
  for (const Chain& chain : found.chains) {
    const bool seki = chain.may_be_seki && faces_seki(board, found, chain);
    const Life verdict = seki ? Life::kSeki : chain.own >= 0 ? Life::kAlive : Life::kDead;
    for (const Point p : chain.points) life[board.cell_of_point(p)] = verdict;
  }
  return life;
}

}  // namespace tengen::envs::go
