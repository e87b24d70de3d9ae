// Search for good hyper-parameters: at random, or guided by a Gaussian process that predicts the
// result of a trial from those before (Snoek, Larochelle and Adams 2012).
//
// A trial is a point of the unit cube [0, 1)^D. The process has a squared exponential kernel of
// unit variance and one length for all axes, over the results centred and scaled to unit variance;
// the next point has the largest expected improvement over the best result among random points of
// the cube and points near the best (eq. 5 of the paper). The first points are random. Limits: tens
// of dimensions and hundreds of trials (each proposal factors a matrix of their number).
#pragma once

#include <span>
#include <vector>

#include "engine/base/random.hpp"

namespace tengen {

using SearchPoint = std::vector<double>;  // each in [0, 1)

SearchPoint random_point(int dimensions, Rng& rng);

struct BayesianSearchOptions {
  int random_trials = 5;  // before the process guides
  int candidates = 2000;  // points whose improvement is computed
  double length = 0.25;   // of the kernel
  double noise = 1e-3;    // variance of a result beside the kernel's 1
};

class BayesianSearch {
 public:
  explicit BayesianSearch(int dimensions, const BayesianSearchOptions& options = {});

  /// The result of a trial, to be maximised; a trial that failed may be NaN and counts as the
  /// worst.
  void observe(SearchPoint point, double result);
  /// The point to try next.
  SearchPoint propose(Rng& rng) const;

  /// Mean and standard deviation of the process at a point, in the units of the results; needs an
  /// observation.
  struct Prediction {
    double mean = 0, deviation = 0;
  };
  Prediction predict(const SearchPoint& point) const;

 private:
  const int dimensions_;
  const BayesianSearchOptions options_;
  std::vector<SearchPoint> points_;
  std::vector<double> results_;
};

/// E[max(0, f - best)] of f ~ N(mean, deviation^2).
double expected_improvement(double mean, double deviation, double best);

}  // namespace tengen
