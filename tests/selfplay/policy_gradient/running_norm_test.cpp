#include "selfplay/policy_gradient/running_norm.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/base/random.hpp"

namespace tengen::selfplay {
namespace {

constexpr std::size_t kWidth = 2;

/// Rows whose second number is far from zero.
std::vector<float> random_rows(std::size_t count, Rng& rng) {
  std::vector<float> rows;
  for (std::size_t i = 0; i < count; ++i) {
    rows.push_back(static_cast<float>(rng.normal()));
    rows.push_back(static_cast<float>(100 + 3 * rng.normal()));
  }
  return rows;
}

struct Moments {
  double mean = 0, variance = 0;
};

/// Of column `k` of all rows at once, and of 1e-4 of a number with mean 0 and variance 1.
Moments direct_moments(const std::vector<float>& rows, std::size_t k) {
  constexpr double kPrior = 1e-4;
  const double total = kPrior + static_cast<double>(rows.size() / kWidth);
  Moments moments;
  for (std::size_t i = k; i < rows.size(); i += kWidth) moments.mean += rows[i] / total;
  moments.variance = kPrior * (1 + moments.mean * moments.mean) / total;
  for (std::size_t i = k; i < rows.size(); i += kWidth)
    moments.variance += (rows[i] - moments.mean) * (rows[i] - moments.mean) / total;
  return moments;
}

TEST_CASE("Running mean and variance of batches are those of all rows", "[selfplay][pg]") {
  Rng rng(1);
  RunningNorm norm(kWidth);
  std::vector<float> all;
  for (const std::size_t count : {3, 1, 40, 500}) {
    const std::vector<float> rows = random_rows(count, rng);
    norm.add(rows);
    all.insert(all.end(), rows.begin(), rows.end());
    std::vector<float> scaled = {0.5f, 99.0f};
    norm.normalise(scaled);
    for (std::size_t k = 0; k < kWidth; ++k) {
      const auto [mean, variance] = direct_moments(all, k);
      const double deviation = std::sqrt(variance + 1e-8);
      CHECK(norm.deviation(static_cast<int>(k)) == Approx(deviation).epsilon(1e-9));
      CHECK(scaled[k] == Approx(((k == 0 ? 0.5 : 99.0) - mean) / deviation).epsilon(1e-5));
    }
  }
}

TEST_CASE("Normalised numbers are clipped and a restored state goes on", "[selfplay][pg]") {
  Rng rng(2);
  RunningNorm norm(kWidth), restored(kWidth);
  norm.add(random_rows(50, rng));
  restored.set_state(norm.state());
  const std::vector<float> more = random_rows(20, rng);
  norm.add(more);
  restored.add(more);
  std::vector<float> a = {1e6f, -1e6f, 0.3f, 101.0f}, b = a;
  norm.normalise(a);
  restored.normalise(b);
  CHECK(a == b);
  CHECK((a[0] == 10 && a[1] == -10));
}

}  // namespace
}  // namespace tengen::selfplay
