#include "envs/go/life.hpp"

#include <cmath>

#include "engine/base/random.hpp"
#include "envs/go/connected_sets.hpp"
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

/// Whether the empty points that begin at the liberties of `chain` reach a chain of the opponent's
/// that may be in seki as well.
bool faces_seki(const Board& board, const ConnectedSets& chains, std::size_t chain,
                const std::vector<bool>& may_be_seki) {
  std::vector<Point> open = chains.points[chain];
  const std::size_t stones = open.size();
  const Color enemy = opponent(board.color(open[0]));
  std::vector<bool> seen(static_cast<std::size_t>(board.num_points()));
  for (std::size_t i = 0; i < open.size(); ++i)
    for (const Point n : board.neighbours(open[i])) {
      // From the chain itself only its liberties are reached.
      if (i >= stones && board.color(n) == enemy && may_be_seki[chains.of_point[n]]) return true;
      if (board.color(n) != Color::kEmpty || seen[n]) continue;
      seen[n] = true;
      open.push_back(n);
    }
  return false;
}

/// The mean share of a chain's points that stay its own, 1 to -1.
double own_share(const Board& board, const std::vector<Point>& chain,
                 std::span<const double> owners, const std::vector<Color>& certain) {
  const Color color = board.color(chain[0]);
  if (const Color owner = certain[board.cell_of_point(chain[0])]; owner != Color::kEmpty)
    return owner == color ? 1 : -1;
  double sum = 0;
  for (const Point p : chain) sum += owners[board.cell_of_point(p)] * sign_of(color);
  return sum / static_cast<double>(chain.size());
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
  const ConnectedSets chains = chains_of(board);
  std::vector<double> own;
  std::vector<bool> may_be_seki;
  for (const std::vector<Point>& chain : chains.points) {
    own.push_back(own_share(board, chain, owners, certain));
    may_be_seki.push_back(std::abs(own.back()) <= kSettled &&
                          board.count_liberties(chain[0]) <= kMostLibertiesInSeki);
  }
  std::vector<Life> life(static_cast<std::size_t>(board.area()), Life::kEmpty);
  for (std::size_t chain = 0; chain < own.size(); ++chain) {
    const bool seki = may_be_seki[chain] && faces_seki(board, chains, chain, may_be_seki);
    const Life verdict = seki ? Life::kSeki : own[chain] >= 0 ? Life::kAlive : Life::kDead;
    for (const Point p : chains.points[chain]) life[board.cell_of_point(p)] = verdict;
  }
  return life;
}

}  // namespace tengen::envs::go
