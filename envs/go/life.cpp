#include "envs/go/life.hpp"

#include "engine/base/random.hpp"
#include "envs/go/pass_alive.hpp"
#include "envs/go/playout.hpp"
#include "envs/go/rules.hpp"
#include "envs/go/scoring.hpp"

namespace tengen::envs::go {
namespace {

/// Mean owners beyond these are settled. Random games rarely spare an eye that people would keep,
/// so a little more than half of the points is enough to live.
constexpr double kAlive = 0.15, kDead = -0.15;
/// With more of them a chain may still run or make eyes.
constexpr int kMostLibertiesInSeki = 3;

double sign_of(Color color) { return color == Color::kBlack ? 1 : color == Color::kWhite ? -1 : 0; }

std::vector<Point> chain_at(const Board& board, Point start, std::vector<bool>& seen) {
  std::vector<Point> chain = {start};
  seen[start] = true;
  for (std::size_t i = 0; i < chain.size(); ++i)
    for (const Point n : board.neighbours(chain[i])) {
      if (seen[n] || board.color(n) != board.color(start)) continue;
      seen[n] = true;
      chain.push_back(n);
    }
  return chain;
}

/// `own`: the mean share of the chain's points that stay its own, 1 to -1.
Life judge(double own, int liberties) {
  if (own < kDead) return Life::kDead;
  return own > kAlive || liberties > kMostLibertiesInSeki ? Life::kAlive : Life::kSeki;
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
  std::vector<Life> life(static_cast<std::size_t>(board.area()), Life::kEmpty);
  std::vector<bool> seen(static_cast<std::size_t>(board.num_points()));
  for (int cell = 0; cell < board.area(); ++cell) {
    const Point start = board.point_of_cell(cell);
    if (board.color(start) == Color::kEmpty || seen[start]) continue;
    const std::vector<Point> chain = chain_at(board, start, seen);
    double owner = 0;
    for (const Point p : chain) owner += owners[board.cell_of_point(p)];
    const double own = owner / static_cast<double>(chain.size()) * sign_of(board.color(start));
    Life verdict = judge(own, board.count_liberties(start));
    if (certain[cell] != Color::kEmpty)
      verdict = certain[cell] == board.color(start) ? Life::kAlive : Life::kDead;
    for (const Point p : chain) life[board.cell_of_point(p)] = verdict;
  }
  return life;
}

}  // namespace tengen::envs::go
