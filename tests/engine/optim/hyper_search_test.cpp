#include "engine/optim/hyper_search.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace tengen;

namespace {

/// A hill with its top, 1, at (0.3, 0.7).
double hill(const SearchPoint& p) {
  return std::exp(-8 * ((p[0] - 0.3) * (p[0] - 0.3) + (p[1] - 0.7) * (p[1] - 0.7)));
}

double best_of(int trials, std::uint64_t seed, bool guided) {
  Rng rng(seed);
  BayesianSearch search(2);
  double best = 0;
  for (int i = 0; i < trials; ++i) {
    const SearchPoint point = guided ? search.propose(rng) : random_point(2, rng);
    best = std::max(best, hill(point));
    search.observe(point, hill(point));
  }
  return best;
}

}  // namespace

TEST_CASE("The expected improvement agrees with a simulation", "[engine][optim][D16]") {
  Rng rng(1);
  double sum = 0;
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) sum += std::max(0.0, 0.5 + 2 * rng.normal() - 1.2);
  CHECK(expected_improvement(0.5, 2, 1.2) == Approx(sum / kDraws).epsilon(0.02));
  CHECK(expected_improvement(3, 0, 1) == 2);
  CHECK(expected_improvement(0, 0, 1) == 0);
}

TEST_CASE("The process passes through what was observed and is unsure far away",
          "[engine][optim][D16]") {
  BayesianSearch search(1, {.length = 0.1, .noise = 1e-8});
  search.observe({0.2}, 5);
  search.observe({0.3}, 7);
  CHECK(search.predict({0.2}).mean == Approx(5).epsilon(1e-3));
  CHECK(search.predict({0.3}).mean == Approx(7).epsilon(1e-3));
  CHECK(search.predict({0.2}).deviation < 0.01);
  CHECK(search.predict({0.95}).mean == Approx(6).epsilon(1e-3));       // the mean of the results
  CHECK(search.predict({0.95}).deviation == Approx(1).epsilon(1e-3));  // and their deviation
}

TEST_CASE("A guided search finds the top that a random one comes near to", "[engine][optim][D16]") {
  double guided = 0, random = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    guided += best_of(20, seed, true) / 5;
    random += best_of(20, seed, false) / 5;
  }
  CHECK(guided > 0.995);
  CHECK(guided > random);
}

TEST_CASE("A trial that failed counts as the worst", "[engine][optim][D16]") {
  BayesianSearch search(1, {.random_trials = 2});
  search.observe({0.1}, std::numeric_limits<double>::quiet_NaN());
  search.observe({0.9}, 1);
  search.observe({0.5}, 0.4);
  CHECK(search.predict({0.1}).mean < 0.5);
  Rng rng(1);
  CHECK(search.propose(rng)[0] > 0.5);
  CHECK_THROWS_AS(search.observe({0.1, 0.2}, 1), std::invalid_argument);
}
