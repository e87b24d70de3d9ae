#include "engine/init/initializers.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"

using namespace tengen;

namespace {

double mean_square(const Tensor& tensor) {
  double total = 0;
  for (float x : tensor.values<float>()) total += double(x) * x;
  return total / double(tensor.size());
}

}  // namespace

TEST_CASE("He weights have variance 2 over fan-in", "[init]") {
  Rng rng(1);
  CHECK(mean_square(he_normal({200, 100}, 100, rng)) == Approx(0.02).epsilon(0.05));
}

TEST_CASE("Xavier weights have variance 2 over both fans and are bounded", "[init]") {
  Rng rng(2);
  const Tensor weight = xavier_uniform({100, 300}, 300, 100, rng);
  CHECK(mean_square(weight) == Approx(2.0 / 400).epsilon(0.05));
  const double bound = std::sqrt(6.0 / 400);
  for (float w : weight.values<float>()) REQUIRE(std::abs(w) <= bound);
}

TEST_CASE("Weights depend on the seed alone", "[init]") {
  Rng a(3), b(3), c(4);
  const Tensor first = he_normal({4, 5}, 5, a), second = he_normal({4, 5}, 5, b);
  CHECK(std::ranges::equal(first.values<float>(), second.values<float>()));
  CHECK_FALSE(std::ranges::equal(first.values<float>(), he_normal({4, 5}, 5, c).values<float>()));
}

TEST_CASE("He keeps the scale of activations through five ReLU layers of 100", "[init]") {
  Rng rng(5);
  Variable x(random_normal({1000, 100}, 1.0, rng));
  // The mean square of a ReLU's output is half of its input's variance.
  for (int layer = 0; layer < 5; ++layer)
    x = relu(matmul(x, Variable(he_normal({100, 100}, 100, rng)), false, true));
  CHECK(std::sqrt(2 * mean_square(x.value())) == Approx(std::sqrt(2.0)).epsilon(0.2));
}

TEST_CASE("Xavier keeps the scale of activations through five linear layers of 100", "[init]") {
  Rng rng(6);
  Variable x(random_normal({1000, 100}, 1.0, rng));
  for (int layer = 0; layer < 5; ++layer)
    x = matmul(x, Variable(xavier_uniform({100, 100}, 100, 100, rng)), false, true);
  CHECK(std::sqrt(mean_square(x.value())) == Approx(1.0).epsilon(0.2));
}

TEST_CASE("A fan below one is rejected", "[init]") {
  Rng rng(7);
  CHECK_THROWS_AS(he_normal({2, 2}, 0, rng), std::invalid_argument);
  CHECK_THROWS_AS(xavier_uniform({2, 2}, 2, 0, rng), std::invalid_argument);
}
