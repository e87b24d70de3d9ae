#include "engine/base/random.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

using tengen::Rng;
using tengen::SmallDraws;

namespace {
/// Mean and variance of 200,000 draws.
template <typename Draw>
std::pair<double, double> moments(Draw draw) {
  constexpr int kDraws = 200000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  const double mean = sum / kDraws;
  return {mean, squares / kDraws - mean * mean};
}
}  // namespace

TEST_CASE("Equal seeds give equal streams and other seeds others", "[engine][base][random]") {
  Rng a(7), b(7), c(8);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t x = a();
    CHECK(x == b());
    seen.insert(x);
    seen.insert(c());
  }
  CHECK(seen.size() == 200);
}

TEST_CASE("A split depends on the seed and the stream but not on earlier draws",
          "[engine][base][random]") {
  Rng fresh(7), used(7);
  for (int i = 0; i < 10; ++i) used();
  CHECK(fresh.split(3) == used.split(3));
  CHECK_FALSE(fresh.split(3) == fresh.split(4));
  CHECK_FALSE(fresh.split(3) == Rng(8).split(3));
  CHECK_FALSE(fresh.split(0) == fresh);
  CHECK_FALSE(fresh.split(1).split(2) == fresh.split(2).split(1));
}

TEST_CASE("Bounded draws cover their range evenly", "[engine][base][random]") {
  Rng rng(1);
  constexpr int kBound = 7, kDraws = 70000;
  std::vector<int> counts(kBound, 0);
  for (int i = 0; i < kDraws; ++i) {
    const std::uint32_t x = rng.below(kBound);
    REQUIRE(x < kBound);
    ++counts[x];
  }
  // Chi-squared with 6 degrees of freedom: above 27.9 once in ten thousand seeds.
  double chi = 0;
  for (int count : counts) chi += std::pow(count - kDraws / kBound, 2) / (kDraws / kBound);
  CHECK(chi < 27.9);
  CHECK(rng.below(1) == 0);
}

TEST_CASE("Small draws are even and independent of the one before", "[engine][base][random]") {
  // 7 * 9 pairs, 63000 of them, across many words: each count is within 6 standard deviations (190)
  // of 1000.
  Rng rng(12);
  SmallDraws draws(rng);
  std::array<int, 63> pairs{};
  for (int i = 0; i < 63000; ++i) {
    const std::uint32_t first = draws.below(7), second = draws.below(9);
    REQUIRE(first < 7);
    REQUIRE(second < 9);
    ++pairs[first * 9 + second];
  }
  for (const int count : pairs) CHECK(std::abs(count - 1000) < 190);
}

TEST_CASE("Uniform and normal draws have their moments", "[engine][base][random]") {
  Rng rng(2);
  const auto [mean, variance] = moments([&] {
    const double x = rng.uniform(-1, 3);
    REQUIRE((x >= -1 && x < 3));
    return x;
  });
  CHECK(mean == Approx(1).margin(0.02));
  CHECK(variance == Approx(16.0 / 12).margin(0.02));
  const auto [normal_mean, normal_variance] = moments([&] { return rng.normal(); });
  CHECK(normal_mean == Approx(0).margin(0.02));
  CHECK(normal_variance == Approx(1).margin(0.02));
}

TEST_CASE("Gamma draws have the mean and variance of their shape", "[engine][base][random]") {
  Rng rng(3);
  for (double shape : {0.03, 0.5, 1.0, 2.5, 10.0}) {
    INFO("shape " << shape);
    const auto [mean, variance] = moments([&] { return rng.gamma(shape); });
    CHECK(mean == Approx(shape).epsilon(0.05));
    CHECK(variance == Approx(shape).epsilon(0.1));
  }
}

TEST_CASE("Dirichlet draws are distributions with the variance of their alpha",
          "[engine][base][random]") {
  Rng rng(4);
  std::vector<float> draw(10);
  const auto [mean, variance] = moments([&] {
    rng.dirichlet(0.3, draw);
    return draw[0];
  });
  CHECK(mean == Approx(0.1).margin(0.003));
  CHECK(variance == Approx(0.1 * 0.9 / (10 * 0.3 + 1)).epsilon(0.05));
  for (double alpha : {1e-6, 0.03, 1.0, 50.0}) {
    rng.dirichlet(alpha, draw);
    CHECK(std::accumulate(draw.begin(), draw.end(), 0.0) == Approx(1).margin(1e-5));
    CHECK(std::ranges::all_of(draw, [](float x) { return x >= 0; }));
  }
}

TEST_CASE("Categorical draws follow their weights and never one of zero",
          "[engine][base][random]") {
  Rng rng(5);
  const std::vector<float> weights = {0, 1, 0, 3, 0};
  std::vector<int> counts(5, 0);
  for (int i = 0; i < 40000; ++i) ++counts[rng.categorical(weights)];
  CHECK(counts[0] + counts[2] + counts[4] == 0);
  CHECK(counts[3] == Approx(30000).margin(500));
}

TEST_CASE("Shuffles keep the items and reach every order", "[engine][base][random]") {
  Rng rng(6);
  std::set<std::vector<int>> orders;
  for (int i = 0; i < 500; ++i) {
    std::vector<int> items = {1, 2, 3, 4};
    rng.shuffle(std::span(items));
    orders.insert(items);
    std::ranges::sort(items);
    REQUIRE(items == std::vector<int>{1, 2, 3, 4});
  }
  CHECK(orders.size() == 24);
}
