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

TEST_CASE("He keeps the scale of activations through five ReLU layers of 100", "[init][D2]") {
  Rng rng(5);
  Variable x(random_normal({1000, 100}, 1.0, rng));
  // The mean square of a ReLU's output is half of its input's variance.
  for (int layer = 0; layer < 5; ++layer)
    x = relu(matmul(x, Variable(he_normal({100, 100}, 100, rng)), false, true));
  CHECK(std::sqrt(2 * mean_square(x.value())) == Approx(std::sqrt(2.0)).epsilon(0.2));
}

TEST_CASE("Xavier keeps the scale of activations through five linear layers of 100", "[init][D2]") {
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

TEST_CASE("Orthogonal weights have orthonormal rows or columns", "[init]") {
  Rng rng(8);
  for (const Shape& shape : {Shape{6, 6}, Shape{4, 9}, Shape{9, 4}, Shape{4, 3, 3, 2}}) {
    const Variable weight(orthogonal(shape, 2, rng).reshape({shape[0], shape.size() / shape[0]}));
    const bool wide = weight.shape()[0] <= weight.shape()[1];
    const Variable gram = matmul(weight, weight, !wide, wide);
    const std::int64_t n = gram.shape()[0];
    for (std::int64_t i = 0; i < n * n; ++i)
      CHECK(gram.value().values<float>()[std::size_t(i)] ==
            Approx(i % (n + 1) == 0 ? 4 : 0).margin(1e-5));
  }
  CHECK_THROWS_AS(orthogonal({3}, 1, rng), std::invalid_argument);
}

TEST_CASE("Orthogonal matrices favour no direction", "[init]") {
  // Without the choice of signs the first element of every column would be negative.
  Rng rng(9);
  int positive = 0;
  for (int i = 0; i < 400; ++i) positive += orthogonal({3, 3}, 1, rng).values<float>()[0] > 0;
  CHECK(positive > 150);
  CHECK(positive < 250);
}

TEST_CASE("Weights of deviation one over the root of the fan-in keep the scale of tanh layers",
          "[init][D2]") {
  Rng rng(10);
  const auto scale_after_five = [&](double deviation) {
    Variable x(random_normal({1000, 100}, 0.1, rng));  // where tanh is nearly linear
    for (int layer = 0; layer < 5; ++layer)
      x = tanh(matmul(x, Variable(random_normal({100, 100}, deviation, rng)), false, true));
    return std::sqrt(mean_square(x.value()));
  };
  CHECK(scale_after_five(0.1) == Approx(0.1).epsilon(0.2));
  CHECK(scale_after_five(0.01) < 1e-5);  // the signal dies out
  CHECK(scale_after_five(1) > 0.9);      // every unit saturates
}
