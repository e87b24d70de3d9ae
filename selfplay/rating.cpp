#include "selfplay/rating.hpp"

#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <limits>

namespace tengen::selfplay {

void Tally::add(float result) {
  if (result > 0)
    ++wins;
  else if (result < 0)
    ++losses;
  else
    ++draws;
}

double elo_difference(double score) {
  if (score <= 0) return -std::numeric_limits<double>::infinity();
  if (score >= 1) return std::numeric_limits<double>::infinity();
  return 400 * std::log10(score / (1 - score));
}

double expected_score(double elo) { return 1 / (1 + std::pow(10.0, -elo / 400)); }

Interval wilson_interval(double score, int games, double z) {
  if (games == 0) return {0, 1};
  const double n = games, z2 = z * z;
  const double centre = score + z2 / (2 * n);
  const double half = z * std::sqrt(score * (1 - score) / n + z2 / (4 * n * n));
  const double scale = 1 / (1 + z2 / n);
  // At 0 and 1 the formula gives them as ends, but for rounding.
  return {score <= 0 ? 0 : (centre - half) * scale, score >= 1 ? 1 : (centre + half) * scale};
}

EloEstimate estimate_elo(const Tally& tally) {
  EloEstimate estimate;
  estimate.score = tally.score();
  estimate.score_interval = wilson_interval(estimate.score, tally.games());
  estimate.elo = elo_difference(estimate.score);
  estimate.elo_interval = {elo_difference(estimate.score_interval.low),
                           elo_difference(estimate.score_interval.high)};
  return estimate;
}

Interval ChainRating::interval() const {
  return {elo_ - std::sqrt(below_), elo_ + std::sqrt(above_)};
}

ChainRating ChainRating::of_opponent(const Tally& tally) const {
  const int games = tally.games();
  const double score = (tally.score() * games + 0.5) / (games + 1);  // half a point to either side
  const double end = std::min(1e-3, 0.25 / (games + 1));  // scores of 0 and 1 lie infinitely far
  const Interval interval = wilson_interval(tally.score(), games);
  const double elo = elo_difference(score);
  const auto square = [](double x) { return x * x; };
  ChainRating rating;
  rating.elo_ = elo_ + elo;
  rating.below_ = below_ + square(elo - elo_difference(std::max(interval.low, end)));
  rating.above_ = above_ + square(elo_difference(std::min(interval.high, 1 - end)) - elo);
  return rating;
}

std::string describe(const Tally& tally) {
  const EloEstimate e = estimate_elo(tally);
  return fmt::format("{}-{}-{} of {}: {:.1f}% ({:.1f} to {:.1f}), Elo {:+.0f} ({:+.0f} to {:+.0f})",
                     tally.wins, tally.draws, tally.losses, tally.games(), 100 * e.score,
                     100 * e.score_interval.low, 100 * e.score_interval.high, e.elo,
                     e.elo_interval.low, e.elo_interval.high);
}

}  // namespace tengen::selfplay
