#include "engine/optim/hyper_search.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "engine/base/error.hpp"

namespace tengen {

namespace {

constexpr double kNear = 0.1;  // deviation of candidates about the best point

double kernel(const SearchPoint& a, const SearchPoint& b, double length) {
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) squares += (a[i] - b[i]) * (a[i] - b[i]);
  return std::exp(-squares / (2 * length * length));
}

/// The process, fitted to the results (Rasmussen and Williams 2006, algorithm 2.1).
class Process {
 public:
  Process(const std::vector<SearchPoint>& points, const std::vector<double>& results,
          const BayesianSearchOptions& options)
      : points_(points), length_(options.length) {
    const auto n = static_cast<Eigen::Index>(points.size());
    Eigen::VectorXd y = finite(results);
    mean_ = y.mean();
    y.array() -= mean_;
    scale_ = std::sqrt(y.squaredNorm() / static_cast<double>(n));
    if (scale_ == 0) scale_ = 1;
    Eigen::MatrixXd covariance(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index j = 0; j < n; ++j)
        covariance(i, j) = kernel(points[i], points[j], length_) + (i == j ? options.noise : 0);
    factor_.compute(covariance);
    weights_ = factor_.solve(y / scale_);
    best_ = y.maxCoeff() + mean_;
  }

  double best() const { return best_; }

  BayesianSearch::Prediction predict(const SearchPoint& point) const {
    Eigen::VectorXd k(static_cast<Eigen::Index>(points_.size()));
    for (Eigen::Index i = 0; i < k.size(); ++i) k(i) = kernel(points_[i], point, length_);
    const double variance = 1 - factor_.matrixL().solve(k).squaredNorm();
    return {mean_ + scale_ * k.dot(weights_), scale_ * std::sqrt(std::max(variance, 0.0))};
  }

 private:
  /// Failed trials get the worst result of the others.
  static Eigen::VectorXd finite(const std::vector<double>& results) {
    double worst = 0;
    bool any = false;
    for (const double result : results)
      if (std::isfinite(result)) {
        worst = any ? std::min(worst, result) : result;
        any = true;
      }
    Eigen::VectorXd y(static_cast<Eigen::Index>(results.size()));
    for (Eigen::Index i = 0; i < y.size(); ++i)
      y(i) = std::isfinite(results[i]) ? results[i] : worst;
    return y;
  }

  const std::vector<SearchPoint>& points_;
  const double length_;
  double mean_ = 0, scale_ = 1, best_ = 0;
  Eigen::LLT<Eigen::MatrixXd> factor_;
  Eigen::VectorXd weights_;
};

SearchPoint near(const SearchPoint& centre, Rng& rng) {
  SearchPoint point = centre;
  for (double& x : point) x = std::clamp(x + kNear * rng.normal(), 0.0, std::nextafter(1.0, 0.0));
  return point;
}

}  // namespace

SearchPoint random_point(int dimensions, Rng& rng) {
  SearchPoint point(static_cast<std::size_t>(dimensions));
  for (double& x : point) x = rng.uniform();
  return point;
}

double expected_improvement(double mean, double deviation, double best) {
  if (deviation <= 0) return std::max(mean - best, 0.0);
  const double z = (mean - best) / deviation;
  const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
  const double below = std::erfc(-z / std::numbers::sqrt2) / 2;
  return deviation * (z * below + density);
}

BayesianSearch::BayesianSearch(int dimensions, const BayesianSearchOptions& options)
    : dimensions_(dimensions), options_(options) {
  if (dimensions < 1)
    bad_argument("BayesianSearch", "expected at least one dimension, got {}", dimensions);
}

void BayesianSearch::observe(SearchPoint point, double result) {
  if (point.size() != static_cast<std::size_t>(dimensions_))
    bad_argument("BayesianSearch", "expected a point of {} dimensions, got {}", dimensions_,
                 point.size());
  points_.push_back(std::move(point));
  results_.push_back(result);
}

BayesianSearch::Prediction BayesianSearch::predict(const SearchPoint& point) const {
  return Process(points_, results_, options_).predict(point);
}

SearchPoint BayesianSearch::propose(Rng& rng) const {
  if (static_cast<int>(points_.size()) < options_.random_trials)
    return random_point(dimensions_, rng);
  const Process process(points_, results_, options_);
  // NaN compares as the smallest.
  const auto best = std::ranges::max_element(
      results_, [](double a, double b) { return std::isnan(a) ? !std::isnan(b) : a < b; });
  const SearchPoint& centre = points_[static_cast<std::size_t>(best - results_.begin())];
  SearchPoint chosen;
  double largest = -1;
  for (int i = 0; i < options_.candidates; ++i) {
    SearchPoint point = i % 2 == 0 ? random_point(dimensions_, rng) : near(centre, rng);
    const auto [mean, deviation] = process.predict(point);
    const double improvement = expected_improvement(mean, deviation, process.best());
    if (improvement <= largest) continue;
    largest = improvement;
    chosen = std::move(point);
  }
  return chosen;
}

}  // namespace tengen
